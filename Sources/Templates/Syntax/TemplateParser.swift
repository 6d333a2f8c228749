/// Makes statements and expressions of tokens, with Jinja's grammar.
struct TemplateParser {
  let source: SourceText
  let tokens: [Token]
  var position = 0
  /// The tags that are open, innermost last.
  var openTags: [(name: String, offset: Int)] = []
  /// What the open tags wait for, innermost last.
  var expectedTags: [[String]] = []
  /// How deep the expression in hand is nested.
  var depth = 0

  /// Deeper nesting than this is refused.
  static let depthLimit = 200

  init(_ source: SourceText, tokens: [Token]) {
    self.source = source
    self.tokens = tokens
  }

  var current: Token { tokens[position] }

  /// The token after the present one.
  var following: Token { tokens[min(position + 1, tokens.count - 1)] }

  /// Takes the present token.
  @discardableResult mutating func take() -> Token {
    let token = tokens[position]
    if position + 1 < tokens.count { position += 1 }
    return token
  }

  /// Takes the present token if it is of this kind.
  mutating func take(ifIs kind: Token.Kind) -> Bool {
    guard current.kind == kind else { return false }
    take()
    return true
  }

  /// Takes the present token if it is this word.
  mutating func take(ifIs word: StaticString) -> Bool {
    guard isWord(word, current) else { return false }
    take()
    return true
  }

  func isWord(_ word: StaticString, _ token: Token) -> Bool {
    guard token.kind == .name, token.text.count == word.utf8CodeUnitCount else { return false }
    for (offset, byte) in token.text.enumerated() where byte != word.utf8Start[offset] {
      return false
    }
    return true
  }

  @discardableResult mutating func expect(_ kind: Token.Kind) throws(TemplateError) -> Token {
    guard current.kind == kind else {
      throw unexpected("'\(kind.spelling)' is expected here")
    }
    return take()
  }

  mutating func expect(word: StaticString) throws(TemplateError) {
    guard take(ifIs: word) else { throw unexpected("'\(word)' is expected here") }
  }

  func unexpected(_ expectation: String, hint: String? = nil) -> TemplateError {
    error("\(expectation), not \(current.spoken)", hint: hint)
  }

  func error(_ sentence: String, at offset: Int? = nil, hint: String? = nil) -> TemplateError {
    source.error("template-syntax", at: offset ?? current.offset, sentence, hint: hint)
  }

  func unsupported(_ sentence: String, at offset: Int, hint: String? = nil) -> TemplateError {
    source.error("unsupported-feature", at: offset, sentence, hint: hint)
  }

  /// Parses a whole template.
  mutating func template() throws(TemplateError) -> [StatementSyntax] {
    try statements(until: [])
  }

  /// Parses text that is one expression and nothing else.
  mutating func wholeExpression() throws(TemplateError) -> ExpressionSyntax {
    let expression = try expression()
    guard current.kind == .end else {
      throw unexpected("the expression should end here")
    }
    return expression
  }

  /// Parses statements up to one of these tags, which is left as the present token; with none, to the end.
  mutating func statements(until ends: [String]) throws(TemplateError) -> [StatementSyntax] {
    var found: [StatementSyntax] = []
    guard expectedTags.count <= Self.depthLimit / 2 else {
      throw error("tags are nested too deep")
    }
    expectedTags.append(ends)
    defer { expectedTags.removeLast() }
    while true {
      let token = current
      switch token.kind {
      case .data:
        take()
        found.append(StatementSyntax(.text(token.text), at: token.offset))
      case .variableBegin:
        take()
        let value = try tuple()
        try expect(.variableEnd)
        found.append(StatementSyntax(.output(value), at: value.offset))
      case .blockBegin:
        take()
        if current.kind == .name, ends.contains(where: { $0 == current.string }) { return found }
        found.append(contentsOf: try statement())
        try expect(.blockEnd)
      default:
        guard ends.isEmpty else { throw missingEnd(ends) }
        return found
      }
    }
  }

  /// Parses the end of a tag, and the statements after it up to one of these tags.
  mutating func body(until ends: [String]) throws(TemplateError) -> [StatementSyntax] {
    _ = take(ifIs: .colon)
    try expect(.blockEnd)
    return try statements(until: ends)
  }

  private func missingEnd(_ ends: [String]) -> TemplateError {
    let names = ends.map { "{% \($0) %}" }.joined(separator: " or ")
    guard let tag = openTags.last else {
      return error("the template ends where \(names) is expected")
    }
    return source.error(
      "unclosed-tag", at: tag.offset, "'\(tag.name)' is never closed", hint: "end it with \(names)")
  }
}
