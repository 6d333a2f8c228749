/// Names, literals, members, calls, filters and tests.
extension TemplateParser {
  mutating func primary() throws(TemplateError) -> ExpressionSyntax {
    let token = current
    switch token.kind {
    case .name:
      take()
      return ExpressionSyntax(Self.constant(token.string) ?? .name(token.string), at: token.offset)
    case .string:
      var text: [UInt8] = []
      while current.kind == .string { text += take().text }
      return ExpressionSyntax(.constant(.text(Text(bytes: text))), at: token.offset)
    case .integer, .float:
      take()
      return ExpressionSyntax(.constant(try number(token)), at: token.offset)
    case .leftParenthesis:
      take()
      let value = try tuple(isParenthesised: true)
      try expect(.rightParenthesis)
      return value
    case .leftBracket: return try list()
    case .leftBrace: return try dictionary()
    default: throw unexpected("an expression is expected here")
    }
  }

  /// The constant that a word stands for.
  private static func constant(_ word: String) -> ExpressionSyntax.Kind? {
    switch word {
    case "true", "True": .constant(.bool(true))
    case "false", "False": .constant(.bool(false))
    case "none", "None": .constant(.none)
    default: nil
    }
  }

  func number(_ token: Token) throws(TemplateError) -> Constant {
    if token.kind == .float {
      guard let value = Double(token.string), value.isFinite else {
        throw unsupported("this number is too large", at: token.offset)
      }
      return .float(value)
    }
    let bases: [UInt8: Int] = [0x62: 2, 0x6F: 8, 0x78: 16]
    let base = token.text.count > 2 ? bases[token.text[1] | 0x20] : nil
    let digits = base == nil ? token.text[...] : token.text.dropFirst(2)
    guard digits.count <= 4300, let value = BigInteger(digits: digits, base: base ?? 10) else {
      throw unsupported("this number is too large", at: token.offset)
    }
    return .integer(value)
  }

  /// Parses expressions with commas between them: a tuple, or just one expression.
  mutating func tuple(
    withCondition: Bool = true, until end: StaticString? = nil, isParenthesised: Bool = false
  ) throws(TemplateError) -> ExpressionSyntax {
    let start = current.offset
    var items: [ExpressionSyntax] = []
    var isTuple = false
    while true {
      if !items.isEmpty { try expect(.comma) }
      if isTupleEnd(end) { break }
      items.append(try expression(withCondition: withCondition))
      guard current.kind == .comma else { break }
      isTuple = true
    }
    if !isTuple {
      if let only = items.first { return only }
      if !isParenthesised { throw unexpected("an expression is expected here") }
    }
    return ExpressionSyntax(.tuple(items), at: start)
  }

  func isTupleEnd(_ end: StaticString?) -> Bool {
    switch current.kind {
    case .variableEnd, .blockEnd, .rightParenthesis: true
    default: end.map { isWord($0, current) } ?? false
    }
  }

  private mutating func list() throws(TemplateError) -> ExpressionSyntax {
    let start = take().offset
    var items: [ExpressionSyntax] = []
    while current.kind != .rightBracket {
      if !items.isEmpty { try expect(.comma) }
      if current.kind == .rightBracket { break }
      items.append(try expression())
    }
    try expect(.rightBracket)
    return ExpressionSyntax(.list(items), at: start)
  }

  private mutating func dictionary() throws(TemplateError) -> ExpressionSyntax {
    let start = take().offset
    var pairs: [(key: ExpressionSyntax, value: ExpressionSyntax)] = []
    while current.kind != .rightBrace {
      if !pairs.isEmpty { try expect(.comma) }
      if current.kind == .rightBrace { break }
      let key = try expression()
      try expect(.colon)
      pairs.append((key, try expression()))
    }
    try expect(.rightBrace)
    return ExpressionSyntax(.dictionary(pairs), at: start)
  }

  mutating func postfix(_ value: ExpressionSyntax) throws(TemplateError) -> ExpressionSyntax {
    var value = value
    var count = 0
    while true {
      try link(&count)
      switch current.kind {
      case .dot, .leftBracket: value = try member(of: value)
      case .leftParenthesis: value = try call(value)
      default: return value
      }
    }
  }

  mutating func filtersAndTests(
    _ value: ExpressionSyntax
  ) throws(TemplateError) -> ExpressionSyntax {
    var value = value
    var count = 0
    while true {
      try link(&count)
      switch current.kind {
      case .pipe:
        take()
        value = try filter(value)
      case .name where isWord("is", current): value = try test(value)
      case .leftParenthesis: value = try call(value)
      default: return value
      }
    }
  }

  private mutating func member(of value: ExpressionSyntax) throws(TemplateError) -> ExpressionSyntax
  {
    let token = take()
    if token.kind == .dot {
      let name = take()
      switch name.kind {
      case .name: return ExpressionSyntax(.attribute(value, name.string), at: name.offset)
      case .integer:
        let index = ExpressionSyntax(.constant(try number(name)), at: name.offset)
        return ExpressionSyntax(.item(value, index), at: name.offset)
      default:
        throw error("a name or a number is expected after '.'", at: name.offset)
      }
    }
    var items: [ExpressionSyntax] = []
    while current.kind != .rightBracket {
      if !items.isEmpty { try expect(.comma) }
      items.append(try subscriptItem())
    }
    try expect(.rightBracket)
    let index = items.count == 1 ? items[0] : ExpressionSyntax(.tuple(items), at: token.offset)
    return ExpressionSyntax(.item(value, index), at: token.offset)
  }

  private mutating func subscriptItem() throws(TemplateError) -> ExpressionSyntax {
    let offset = current.offset
    var start: ExpressionSyntax?
    if current.kind != .colon {
      let value = try expression()
      guard current.kind == .colon else { return value }
      start = value
    }
    take()
    var stop: ExpressionSyntax?
    if ![.colon, .rightBracket, .comma].contains(current.kind) { stop = try expression() }
    var step: ExpressionSyntax?
    if take(ifIs: .colon), ![.rightBracket, .comma].contains(current.kind) {
      step = try expression()
    }
    return ExpressionSyntax(.slice(start, stop, step), at: offset)
  }

  private mutating func call(_ callee: ExpressionSyntax) throws(TemplateError) -> ExpressionSyntax {
    let offset = current.offset
    return ExpressionSyntax(.call(callee, try arguments()), at: offset)
  }

  mutating func arguments() throws(TemplateError) -> ArgumentsSyntax {
    try expect(.leftParenthesis)
    var found = ArgumentsSyntax()
    var isFirst = true
    while current.kind != .rightParenthesis {
      if !isFirst {
        try expect(.comma)
        if current.kind == .rightParenthesis { break }
      }
      isFirst = false
      try argument(into: &found)
    }
    try expect(.rightParenthesis)
    return found
  }

  private mutating func argument(into found: inout ArgumentsSyntax) throws(TemplateError) {
    let start = current
    var isInOrder = found.namedSpread == nil
    if take(ifIs: .mul) {
      isInOrder = isInOrder && found.spread == nil
      found.spread = try expression()
    } else if take(ifIs: .pow) {
      found.namedSpread = try expression()
    } else if start.kind == .name, following.kind == .assign {
      take()
      take()
      if found.named.contains(where: { $0.name.utf8.elementsEqual(start.string.utf8) }) {
        throw error("the argument '\(start.string)' is given twice", at: start.offset)
      }
      found.named.append((start.string, try expression()))
    } else {
      isInOrder = isInOrder && found.spread == nil && found.named.isEmpty
      found.positional.append(try expression())
    }
    guard isInOrder else {
      throw error(
        "this argument cannot stand here", at: start.offset,
        hint: "first come plain arguments, then *list and name=value, at last **mapping")
    }
  }

  /// Parses a filter's name and arguments; the present token is its name.
  mutating func filter(_ operand: ExpressionSyntax?) throws(TemplateError) -> ExpressionSyntax {
    let name = try dottedName()
    let arguments = current.kind == .leftParenthesis ? try arguments() : ArgumentsSyntax()
    return ExpressionSyntax(.filter(operand, name: name.text, arguments), at: name.offset)
  }

  private mutating func dottedName() throws(TemplateError) -> (text: String, offset: Int) {
    let token = try expect(.name)
    var name = token.string
    while take(ifIs: .dot) { name += "." + (try expect(.name)).string }
    return (name, token.offset)
  }

  private mutating func test(_ operand: ExpressionSyntax) throws(TemplateError) -> ExpressionSyntax
  {
    take()
    let isNegated = take(ifIs: "not")
    let name = try dottedName()
    var arguments = ArgumentsSyntax()
    switch current.kind {
    case .leftParenthesis: arguments = try self.arguments()
    case .name, .string, .integer, .float, .leftBracket, .leftBrace:
      if isWord("else", current) || isWord("or", current) || isWord("and", current) { break }
      if isWord("is", current) {
        throw error("tests cannot be chained with 'is'", hint: "join them with 'and'")
      }
      arguments.positional = [try postfix(try primary())]
    default: break
    }
    let test = ExpressionSyntax(.test(operand, name: name.text, arguments), at: name.offset)
    return isNegated ? ExpressionSyntax(.not(test), at: name.offset) : test
  }
}
