/// Cuts a template into tokens, with Jinja's rules of white space.
struct TemplateLexer {
  let source: SourceText
  let trimsBlocks: Bool
  let stripsBlocks: Bool
  var bytes: [UInt8] { source.bytes }
  var position = 0
  var tokens: [Token] = []
  /// Brackets that are open inside the present tag.
  var open: [(kind: Token.Kind, offset: Int)] = []
  /// Whether what was read last ended with a newline, so that the text that follows starts a line.
  private var isAtLineStart = true

  init(_ source: SourceText, trimsBlocks: Bool, stripsBlocks: Bool) {
    self.source = source
    self.trimsBlocks = trimsBlocks
    self.stripsBlocks = stripsBlocks
  }

  /// The tokens of a whole template, the last one `end`.
  static func template(
    _ source: SourceText, in environment: TemplateEnvironment
  ) throws(TemplateError) -> [Token] {
    var lexer = TemplateLexer(
      source, trimsBlocks: environment.trimBlocks, stripsBlocks: environment.lstripBlocks)
    while lexer.position < source.bytes.count { try lexer.readText() }
    lexer.tokens.append(Token(kind: .end, offset: source.bytes.count))
    return lexer.tokens
  }

  /// The tokens of an expression, the last one `end`.
  static func expression(_ source: SourceText) throws(TemplateError) -> [Token] {
    var lexer = TemplateLexer(source, trimsBlocks: false, stripsBlocks: false)
    lexer.skipWhitespace()
    while lexer.position < source.bytes.count {
      try lexer.readWord()
      lexer.skipWhitespace()
    }
    lexer.tokens.append(Token(kind: .end, offset: source.bytes.count))
    return lexer.tokens
  }

  /// Reads text up to the next tag, and the tag.
  private mutating func readText() throws(TemplateError) {
    let start = position
    guard let tag = nextTag() else {
      appendData(start..<bytes.count)
      position = bytes.count
      return
    }
    let kind = bytes[tag + 1]
    position = tag + 2
    let sign = readSign()
    if kind == 0x25, let bodyStart = rawBody(after: position) {
      appendData(stripped(start..<tag, sign: sign, isVariable: false))
      try readRaw(from: bodyStart, tag: tag)
      return
    }
    appendData(stripped(start..<tag, sign: sign, isVariable: kind == 0x7B))
    switch kind {
    case 0x23: try readComment(tag: tag)
    case 0x25: try readTag(.blockBegin, .blockEnd, at: tag)
    default: try readTag(.variableBegin, .variableEnd, at: tag)
    }
  }

  /// The offset of the next `{{`, `{%` or `{#`.
  private func nextTag() -> Int? {
    var offset = position
    while offset + 1 < bytes.count {
      if bytes[offset] == 0x7B {
        let next = bytes[offset + 1]
        if next == 0x7B || next == 0x25 || next == 0x23 { return offset }
      }
      offset += 1
    }
    return nil
  }

  private mutating func readSign() -> UInt8? {
    guard position < bytes.count, bytes[position] == 0x2D || bytes[position] == 0x2B else {
      return nil
    }
    position += 1
    return bytes[position - 1]
  }

  /// What of the text before a tag stays.
  private func stripped(_ text: Range<Int>, sign: UInt8?, isVariable: Bool) -> Range<Int> {
    if sign == 0x2D {
      return text.lowerBound..<Whitespace.end(ofTextIn: bytes[text])
    }
    guard sign == nil, stripsBlocks, !isVariable else { return text }
    let newline = bytes[text].lastIndex(of: 0x0A)
    guard newline != nil || isAtLineStart else { return text }
    let lineStart = newline.map { $0 + 1 } ?? text.lowerBound
    guard Whitespace.end(ofTextIn: bytes[lineStart..<text.upperBound]) == lineStart else {
      return text
    }
    return text.lowerBound..<lineStart
  }

  private mutating func appendData(_ range: Range<Int>) {
    guard !range.isEmpty else { return }
    tokens.append(Token(kind: .data, offset: range.lowerBound, text: Array(bytes[range])))
  }

  /// Where the text of a raw block begins, when what follows `{%` is `raw %}`.
  private func rawBody(after start: Int) -> Int? {
    guard let word = wordEnd("raw", after: start) else { return nil }
    if matches("-%}", at: word) { return Whitespace.start(ofTextIn: bytes[(word + 3)...]) }
    return matches("%}", at: word) ? word + 2 : nil
  }

  /// The offset after a word and the blanks around it.
  private func wordEnd(_ word: StaticString, after start: Int) -> Int? {
    let begin = Whitespace.start(ofTextIn: bytes[start...])
    guard matches(word, at: begin) else { return nil }
    return Whitespace.start(ofTextIn: bytes[(begin + word.utf8CodeUnitCount)...])
  }

  private mutating func readRaw(from start: Int, tag: Int) throws(TemplateError) {
    isAtLineStart = bytes[start - 1] == 0x0A
    var offset = start
    while offset + 1 < bytes.count {
      if matches("{%", at: offset) {
        position = offset + 2
        let sign = readSign()
        if let word = wordEnd("endraw", after: position), readTagEnd("%}", at: word) {
          appendData(stripped(start..<offset, sign: sign, isVariable: false))
          isAtLineStart = bytes[position - 1] == 0x0A
          return
        }
      }
      offset += 1
    }
    throw source.error(
      "unclosed-tag", at: tag, "this raw block is never closed", hint: "end it with {% endraw %}")
  }

  private mutating func readComment(tag: Int) throws(TemplateError) {
    while position + 1 < bytes.count {
      if readTagEnd("#}", at: position) {
        isAtLineStart = bytes[position - 1] == 0x0A
        return
      }
      position += 1
    }
    throw source.error(
      "unclosed-tag", at: tag, "this comment is never closed", hint: "end it with #}")
  }

  /// Reads the end of a block or a comment, with its sign and the white space that goes with it.
  mutating func readTagEnd(_ end: StaticString, at offset: Int) -> Bool {
    guard offset < bytes.count else { return false }
    if bytes[offset] == 0x2D, matches(end, at: offset + 1) {
      position = Whitespace.start(ofTextIn: bytes[(offset + 3)...])
      return true
    }
    if bytes[offset] == 0x2B, matches(end, at: offset + 1) {
      position = offset + 3
      return true
    }
    guard matches(end, at: offset) else { return false }
    position = offset + 2
    if trimsBlocks, position < bytes.count, bytes[position] == 0x0A { position += 1 }
    return true
  }

  func matches(_ text: StaticString, at offset: Int) -> Bool {
    let count = text.utf8CodeUnitCount
    guard offset + count <= bytes.count else { return false }
    for index in 0..<count where bytes[offset + index] != text.utf8Start[index] { return false }
    return true
  }

  private mutating func readTag(
    _ begin: Token.Kind, _ end: Token.Kind, at tag: Int
  ) throws(TemplateError) {
    tokens.append(Token(kind: begin, offset: tag))
    open.removeAll()
    while true {
      skipWhitespace()
      let start = position
      guard start < bytes.count else { throw unclosed(begin, at: tag) }
      if open.isEmpty, readEnd(of: end) {
        tokens.append(Token(kind: end, offset: start))
        isAtLineStart = bytes[position - 1] == 0x0A
        return
      }
      try readWord()
    }
  }

  private mutating func readEnd(of end: Token.Kind) -> Bool {
    if end == .blockEnd { return readTagEnd("%}", at: position) }
    if matches("-}}", at: position) {
      position = Whitespace.start(ofTextIn: bytes[(position + 3)...])
      return true
    }
    guard matches("}}", at: position) else { return false }
    position += 2
    return true
  }

  private func unclosed(_ begin: Token.Kind, at tag: Int) -> TemplateError {
    if let bracket = open.last {
      return source.error(
        "unclosed-tag", at: bracket.offset,
        "this '\(bracket.kind.spelling)' is never closed, nor is the tag it stands in")
    }
    let end = begin == .blockBegin ? "%}" : "}}"
    return source.error(
      "unclosed-tag", at: tag, "this tag is never closed", hint: "end it with \(end)")
  }

  mutating func skipWhitespace() {
    position = Whitespace.start(ofTextIn: bytes[position...])
  }
}
