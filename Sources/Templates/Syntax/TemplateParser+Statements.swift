/// Tags.
extension TemplateParser {
  /// Parses a statement from its name up to, not including, the end of its last tag.
  mutating func statement() throws(TemplateError) -> [StatementSyntax] {
    let tag = current
    guard tag.kind == .name else { throw unexpected("the name of a tag is expected here") }
    openTags.append((tag.string, tag.offset))
    defer { openTags.removeLast() }
    take()
    return switch tag.string {
    case "for": [try loop(tag)]
    case "if": [try condition(tag)]
    case "set": [try assignment(tag)]
    case "with": [try with(tag)]
    case "macro": [try macro(tag)]
    case "call": [try callBlock(tag)]
    case "filter": [try filterBlock(tag)]
    case "include": [try include(tag)]
    case "import": [try importStatement(tag)]
    case "from": [try fromImport(tag)]
    case "print": try printStatement(tag)
    case "do": [StatementSyntax(.evaluate(try tuple()), at: tag.offset)]
    case "break": [StatementSyntax(.leaveLoop, at: tag.offset)]
    case "continue": [StatementSyntax(.nextIteration, at: tag.offset)]
    default: throw unknown(tag)
    }
  }

  private func unknown(_ tag: Token) -> TemplateError {
    let name = tag.string
    if let reason = UnsupportedFeatures.tags[name] {
      return unsupported(reason.sentence, at: tag.offset, hint: reason.hint)
    }
    if expectedTags.contains(where: { $0.contains(name) }) || Self.endTags.contains(name) {
      let wanted = expectedTags.last { !$0.isEmpty }
      let hint = wanted.map { ends in
        "next must come " + ends.map { "{% \($0) %}" }.joined(separator: " or ")
      }
      return error("'\(name)' stands where nothing waits for it", at: tag.offset, hint: hint)
    }
    return source.error(
      "unknown-tag", at: tag.offset, "there is no tag '\(name)'",
      hint: NearName.hint(for: name, among: Self.tags))
  }

  static let tags = [
    "for", "if", "set", "with", "macro", "call", "filter", "include", "import", "from", "print",
    "do", "break", "continue", "raw", "elif", "else", "endfor", "endif", "endset", "endwith",
    "endmacro", "endcall", "endfilter", "endraw",
  ]

  private static let endTags = tags.filter { $0.hasPrefix("end") || $0.hasPrefix("el") }

  /// Parses a body and the tag that ends it.
  private mutating func closedBody(_ end: String) throws(TemplateError) -> [StatementSyntax] {
    let found = try body(until: [end])
    take()
    return found
  }

  private mutating func loop(_ tag: Token) throws(TemplateError) -> StatementSyntax {
    let target = try self.target(until: "in")
    try expect(word: "in")
    let iterable = try tuple(withCondition: false, until: "recursive")
    let test = take(ifIs: "if") ? try expression() : nil
    let isRecursive = take(ifIs: "recursive")
    let body = try body(until: ["endfor", "else"])
    let otherwise = isWord("else", take()) ? try closedBody("endfor") : []
    let loop = LoopSyntax(
      target: target, iterable: iterable, test: test, isRecursive: isRecursive, body: body,
      otherwise: otherwise)
    return StatementSyntax(.loop(loop), at: tag.offset)
  }

  private mutating func condition(_ tag: Token) throws(TemplateError) -> StatementSyntax {
    var branches: [(test: ExpressionSyntax, body: [StatementSyntax])] = []
    var otherwise: [StatementSyntax] = []
    while true {
      let test = try tuple(withCondition: false)
      branches.append((test, try body(until: ["elif", "else", "endif"])))
      let end = take()
      if isWord("elif", end) { continue }
      if isWord("else", end) { otherwise = try closedBody("endif") }
      break
    }
    return StatementSyntax(.condition(branches, otherwise: otherwise), at: tag.offset)
  }

  private mutating func assignment(_ tag: Token) throws(TemplateError) -> StatementSyntax {
    let target = try self.target(mayBeMember: true)
    if take(ifIs: .assign) {
      return StatementSyntax(.assign(target, try tuple()), at: tag.offset)
    }
    var filters: ExpressionSyntax?
    var count = 0
    while take(ifIs: .pipe) {
      try link(&count)
      filters = try filter(filters)
    }
    let body = try closedBody("endset")
    return StatementSyntax(.assignBlock(target, filter: filters, body: body), at: tag.offset)
  }

  private mutating func with(_ tag: Token) throws(TemplateError) -> StatementSyntax {
    var values: [(target: TargetSyntax, value: ExpressionSyntax)] = []
    while current.kind != .blockEnd {
      if !values.isEmpty { try expect(.comma) }
      let target = try self.target()
      try expect(.assign)
      values.append((target, try expression()))
    }
    return StatementSyntax(.with(values, body: try closedBody("endwith")), at: tag.offset)
  }

  private mutating func macro(_ tag: Token) throws(TemplateError) -> StatementSyntax {
    let name = try targetName()
    let signature = try signature()
    let macro = MacroSyntax(
      name: name, parameters: signature.names, defaults: signature.defaults,
      body: try closedBody("endmacro"))
    return StatementSyntax(.macro(macro), at: tag.offset)
  }

  private mutating func callBlock(_ tag: Token) throws(TemplateError) -> StatementSyntax {
    let signature = current.kind == .leftParenthesis ? try signature() : ([], [])
    let call = try expression()
    guard case .call = call.kind else {
      throw error("a call is expected after 'call'", at: call.offset)
    }
    let macro = MacroSyntax(
      name: nil, parameters: signature.0, defaults: signature.1, body: try closedBody("endcall"))
    return StatementSyntax(.callBlock(macro, call: call), at: tag.offset)
  }

  private mutating func signature() throws(TemplateError) -> (
    names: [String], defaults: [ExpressionSyntax]
  ) {
    var names: [String] = []
    var defaults: [ExpressionSyntax] = []
    try expect(.leftParenthesis)
    while current.kind != .rightParenthesis {
      if !names.isEmpty { try expect(.comma) }
      let offset = current.offset
      let name = try targetName()
      if names.contains(where: { $0.utf8.elementsEqual(name.utf8) }) {
        throw error("the parameter '\(name)' is named twice", at: offset)
      }
      if take(ifIs: .assign) {
        defaults.append(try expression())
      } else if !defaults.isEmpty {
        throw error("a parameter without default cannot follow one with a default", at: offset)
      }
      names.append(name)
    }
    try expect(.rightParenthesis)
    return (names, defaults)
  }

  private mutating func filterBlock(_ tag: Token) throws(TemplateError) -> StatementSyntax {
    var filters = try filter(nil)
    var count = 0
    while take(ifIs: .pipe) {
      try link(&count)
      filters = try filter(filters)
    }
    return StatementSyntax(
      .filterBlock(filters, body: try closedBody("endfilter")), at: tag.offset)
  }

  private mutating func include(_ tag: Token) throws(TemplateError) -> StatementSyntax {
    var inclusion = InclusionSyntax(file: try expression(), withContext: true)
    if isWord("ignore", current), isWord("missing", following) {
      take()
      take()
      inclusion.ignoresMissing = true
    }
    inclusion.withContext = contextWord() ?? true
    return StatementSyntax(.include(inclusion), at: tag.offset)
  }

  /// Parses `with context` or `without context`.
  private mutating func contextWord() -> Bool? {
    let isWith = isWord("with", current)
    guard isWith || isWord("without", current), isWord("context", following) else { return nil }
    take()
    take()
    return isWith
  }

  private mutating func importStatement(_ tag: Token) throws(TemplateError) -> StatementSyntax {
    var inclusion = InclusionSyntax(file: try expression(), withContext: false)
    try expect(word: "as")
    let target = try targetName()
    inclusion.withContext = contextWord() ?? false
    return StatementSyntax(.import(inclusion, target: target), at: tag.offset)
  }

  private mutating func fromImport(_ tag: Token) throws(TemplateError) -> StatementSyntax {
    var inclusion = InclusionSyntax(file: try expression(), withContext: false)
    try expect(word: "import")
    var names: [(name: String, alias: String)] = []
    while true {
      if !names.isEmpty { try expect(.comma) }
      if let withContext = contextWord() {
        inclusion.withContext = withContext
        break
      }
      let offset = current.offset
      let name = try targetName()
      if name.hasPrefix("_") {
        throw error("names that begin with an underscore cannot be imported", at: offset)
      }
      names.append((name, take(ifIs: "as") ? try targetName() : name))
      if let withContext = contextWord() {
        inclusion.withContext = withContext
        break
      }
      if current.kind != .comma { break }
    }
    return StatementSyntax(.fromImport(inclusion, names: names), at: tag.offset)
  }

  private mutating func printStatement(_ tag: Token) throws(TemplateError) -> [StatementSyntax] {
    var outputs: [StatementSyntax] = []
    while current.kind != .blockEnd {
      if !outputs.isEmpty { try expect(.comma) }
      let value = try expression()
      outputs.append(StatementSyntax(.output(value), at: value.offset))
    }
    return outputs
  }

  private mutating func targetName() throws(TemplateError) -> String {
    let token = try expect(.name)
    try refuseConstant(token)
    return token.string
  }

  private func refuseConstant(_ token: Token) throws(TemplateError) {
    if ["true", "false", "none", "True", "False", "None"].contains(token.string) {
      throw error("nothing can be assigned to '\(token.string)'", at: token.offset)
    }
  }

  /// Parses what is assigned to: names, with commas or parentheses for several.
  private mutating func target(
    until end: StaticString? = nil, mayBeMember: Bool = false
  ) throws(TemplateError) -> TargetSyntax {
    let start = current.offset
    var targets: [TargetSyntax] = []
    var isTuple = false
    while true {
      if !targets.isEmpty { try expect(.comma) }
      if isTupleEnd(end) || current.kind == .assign { break }
      targets.append(try singleTarget(mayBeMember: mayBeMember))
      guard current.kind == .comma else { break }
      isTuple = true
    }
    if !isTuple, let only = targets.first { return only }
    guard isTuple else { throw unexpected("a name to assign to is expected here") }
    return TargetSyntax(kind: .tuple(targets), offset: start)
  }

  private mutating func singleTarget(mayBeMember: Bool) throws(TemplateError) -> TargetSyntax {
    let token = current
    if take(ifIs: .leftParenthesis) {
      let inner = try target(mayBeMember: mayBeMember)
      try expect(.rightParenthesis)
      return inner
    }
    guard token.kind == .name else { throw unexpected("a name to assign to is expected here") }
    take()
    try refuseConstant(token)
    if mayBeMember, take(ifIs: .dot) {
      let member = try expect(.name)
      return TargetSyntax(kind: .member(token.string, member.string), offset: token.offset)
    }
    return TargetSyntax(kind: .name(token.string), offset: token.offset)
  }
}
