/// Operators, from the loosest to the tightest.
extension TemplateParser {
  /// Parses an expression, with or without `… if … else …`.
  mutating func expression(withCondition: Bool = true) throws(TemplateError) -> ExpressionSyntax {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.depthLimit else { throw error("this expression is nested too deep") }
    guard withCondition else { return try disjunction() }
    var value = try disjunction()
    var count = 0
    while current.kind == .name, isWord("if", current) {
      try link(&count)
      let offset = take().offset
      let test = try disjunction()
      let otherwise = take(ifIs: "else") ? try expression() : nil
      value = ExpressionSyntax(
        .conditional(test: test, then: value, otherwise: otherwise), at: offset)
    }
    return value
  }

  /// Counts one operator, filter or member more in a row, since a row is a tree as deep as it is long.
  func link(_ count: inout Int) throws(TemplateError) {
    count += 1
    guard count <= Self.depthLimit else {
      throw error("this expression has too many parts in a row", hint: "'~' joins any number")
    }
  }

  private mutating func disjunction() throws(TemplateError) -> ExpressionSyntax {
    var left = try conjunction()
    var count = 0
    while isWord("or", current) {
      try link(&count)
      let offset = take().offset
      left = ExpressionSyntax(.or(left, try conjunction()), at: offset)
    }
    return left
  }

  private mutating func conjunction() throws(TemplateError) -> ExpressionSyntax {
    var left = try negation()
    var count = 0
    while isWord("and", current) {
      try link(&count)
      let offset = take().offset
      left = ExpressionSyntax(.and(left, try negation()), at: offset)
    }
    return left
  }

  private mutating func negation() throws(TemplateError) -> ExpressionSyntax {
    guard isWord("not", current) else { return try comparison() }
    let offset = take().offset
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.depthLimit else { throw error("this expression is nested too deep") }
    return ExpressionSyntax(.not(try negation()), at: offset)
  }

  private mutating func comparison() throws(TemplateError) -> ExpressionSyntax {
    let first = try sum()
    var rest: [(sign: ComparisonOperator, operand: ExpressionSyntax)] = []
    let offset = current.offset
    while let found = comparisonOperator() { rest.append((found, try sum())) }
    return rest.isEmpty ? first : ExpressionSyntax(.comparison(first, rest), at: offset)
  }

  private mutating func comparisonOperator() -> ComparisonOperator? {
    let found: ComparisonOperator? =
      switch current.kind {
      case .equal: .equal
      case .notEqual: .notEqual
      case .less: .less
      case .lessOrEqual: .lessOrEqual
      case .greater: .greater
      case .greaterOrEqual: .greaterOrEqual
      case .name where isWord("in", current): .in
      case .name where isWord("not", current) && isWord("in", following): .notIn
      default: nil
      }
    if found != nil { take() }
    if found == .notIn { take() }
    return found
  }

  private mutating func sum() throws(TemplateError) -> ExpressionSyntax {
    var left = try concatenation()
    var count = 0
    while let found: BinaryOperator = [.add: .add, .sub: .subtract][current.kind] {
      try link(&count)
      let offset = take().offset
      left = ExpressionSyntax(.binary(found, left, try concatenation()), at: offset)
    }
    return left
  }

  private mutating func concatenation() throws(TemplateError) -> ExpressionSyntax {
    var parts = [try product()]
    let offset = current.offset
    while take(ifIs: .tilde) { parts.append(try product()) }
    return parts.count == 1 ? parts[0] : ExpressionSyntax(.concatenation(parts), at: offset)
  }

  private mutating func product() throws(TemplateError) -> ExpressionSyntax {
    let operators: [Token.Kind: BinaryOperator] = [
      .mul: .multiply, .div: .divide, .floorDiv: .floorDivide, .mod: .remainder,
    ]
    var left = try power()
    var count = 0
    while let found = operators[current.kind] {
      try link(&count)
      let offset = take().offset
      left = ExpressionSyntax(.binary(found, left, try power()), at: offset)
    }
    return left
  }

  private mutating func power() throws(TemplateError) -> ExpressionSyntax {
    var left = try unary()
    var count = 0
    while current.kind == .pow {
      try link(&count)
      let offset = take().offset
      left = ExpressionSyntax(.binary(.power, left, try unary()), at: offset)
    }
    return left
  }

  private mutating func unary(withFilters: Bool = true) throws(TemplateError) -> ExpressionSyntax {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.depthLimit else { throw error("this expression is nested too deep") }
    let token = current
    var value: ExpressionSyntax
    switch token.kind {
    case .sub:
      take()
      value = ExpressionSyntax(.unary(.negate, try unary(withFilters: false)), at: token.offset)
    case .add:
      take()
      value = ExpressionSyntax(.unary(.plus, try unary(withFilters: false)), at: token.offset)
    default: value = try primary()
    }
    value = try postfix(value)
    return withFilters ? try filtersAndTests(value) : value
  }
}
