/// The words inside a tag: numbers, names, strings, operators.
extension TemplateLexer {
  /// Reads one word; the position is at its first byte.
  mutating func readWord() throws(TemplateError) {
    let byte = bytes[position]
    switch byte {
    case 0x30...0x39: try readNumber()
    case 0x22, 0x27: try readString()
    case 0x5F, 0x41...0x5A, 0x61...0x7A, 0x80...: try readName()
    default: try readOperator()
    }
  }

  private mutating func readOperator() throws(TemplateError) {
    let found = Token.Kind.operators.first { candidate in
      candidate.text.count <= bytes.count - position
        && bytes[position..<position + candidate.text.count].elementsEqual(candidate.text)
    }
    guard let found else {
      let scalar = Unicode.Scalar(bytes[position])
      throw source.error(
        "template-syntax", at: position, "the character '\(scalar)' cannot stand here")
    }
    try balance(found.kind)
    tokens.append(Token(kind: found.kind, offset: position))
    position += found.text.count
  }

  private mutating func balance(_ kind: Token.Kind) throws(TemplateError) {
    switch kind {
    case .leftBrace: open.append((.rightBrace, position))
    case .leftBracket: open.append((.rightBracket, position))
    case .leftParenthesis: open.append((.rightParenthesis, position))
    case .rightBrace, .rightBracket, .rightParenthesis:
      guard let expected = open.popLast() else {
        throw source.error(
          "template-syntax", at: position, "this '\(kind.spelling)' closes nothing")
      }
      guard expected.kind == kind else {
        throw source.error(
          "template-syntax", at: position,
          "'\(kind.spelling)' stands where '\(expected.kind.spelling)' is expected")
      }
    default: break
    }
  }

  private mutating func readName() throws(TemplateError) {
    let start = position
    while position < bytes.count {
      let byte = bytes[position]
      guard byte >= 0x80 || Self.isWordByte(byte) else { break }
      if byte >= 0x80 {
        let scalar = Text.scalar(in: bytes, at: &position)
        guard position > start, scalar.properties.isXIDContinue else {
          throw source.error(
            "template-syntax", at: start, "the character '\(scalar)' cannot stand in a name")
        }
      } else {
        position += 1
      }
    }
    let text = Array(bytes[start..<position])
    if let first = Text(bytes: text).scalars.first, first != "_", !first.properties.isXIDStart {
      throw source.error("template-syntax", at: start, "a name cannot begin with '\(first)'")
    }
    tokens.append(Token(kind: .name, offset: start, text: text))
  }

  static func isWordByte(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x5F, 0x61...0x7A: true
    default: false
    }
  }

  private func isDigit(_ offset: Int, _ base: Int = 10) -> Bool {
    guard offset < bytes.count, let value = Text.digit(bytes[offset]) else { return false }
    return value < base
  }

  /// The offset after digits that may have single underscores between them, nil when there are none.
  private func digitsEnd(_ start: Int, base: Int = 10) -> Int? {
    guard isDigit(start, base) else { return nil }
    var end = start + 1
    while true {
      if isDigit(end, base) {
        end += 1
      } else if end < bytes.count, bytes[end] == 0x5F, isDigit(end + 1, base) {
        end += 2
      } else {
        return end
      }
    }
  }

  private mutating func readNumber() throws(TemplateError) {
    let start = position
    let isMember = start > 0 && bytes[start - 1] == 0x2E
    if !isMember, let end = floatEnd(start) {
      append(.float, start..<end)
    } else {
      append(.integer, start..<integerEnd(start))
    }
  }

  private mutating func append(_ kind: Token.Kind, _ range: Range<Int>) {
    tokens.append(
      Token(kind: kind, offset: range.lowerBound, text: bytes[range].filter { $0 != 0x5F }))
    position = range.upperBound
  }

  /// The offset after a number with a fraction or an exponent, nil when it has neither.
  private func floatEnd(_ start: Int) -> Int? {
    guard var end = digitsEnd(start) else { return nil }
    var isFloat = false
    if end < bytes.count, bytes[end] == 0x2E, let fraction = digitsEnd(end + 1) {
      end = fraction
      isFloat = true
    }
    if end < bytes.count, bytes[end] | 0x20 == 0x65 {
      let hasSign = end + 1 < bytes.count && (bytes[end + 1] == 0x2B || bytes[end + 1] == 0x2D)
      if let exponent = digitsEnd(end + (hasSign ? 2 : 1)) { return exponent }
    }
    return isFloat ? end : nil
  }

  private func integerEnd(_ start: Int) -> Int {
    if bytes[start] != 0x30 { return digitsEnd(start) ?? start + 1 }
    if start + 1 < bytes.count {
      let base: Int? = [0x62: 2, 0x6F: 8, 0x78: 16][bytes[start + 1] | 0x20]
      var digits = start + 2
      if digits < bytes.count, bytes[digits] == 0x5F { digits += 1 }
      if let base, let end = digitsEnd(digits, base: base) { return end }
    }
    var end = start + 1
    while end < bytes.count {
      if bytes[end] == 0x30 {
        end += 1
      } else if bytes[end] == 0x5F, end + 1 < bytes.count, bytes[end + 1] == 0x30 {
        end += 2
      } else {
        break
      }
    }
    return end
  }

  private mutating func readString() throws(TemplateError) {
    let start = position
    let quote = bytes[start]
    var text: [UInt8] = []
    position += 1
    while position < bytes.count, bytes[position] != quote {
      if bytes[position] == 0x5C {
        try readEscape(into: &text)
      } else {
        text.append(bytes[position])
        position += 1
      }
    }
    guard position < bytes.count else {
      throw source.error("template-syntax", at: start, "this string is never closed")
    }
    position += 1
    tokens.append(Token(kind: .string, offset: start, text: text))
  }

  /// Reads an escape, which means what it means in Python.
  private mutating func readEscape(into text: inout [UInt8]) throws(TemplateError) {
    let start = position
    guard start + 1 < bytes.count else {
      position = bytes.count
      return
    }
    let letter = bytes[start + 1]
    position = start + 2
    let simple: [UInt8: UInt8] = [
      0x5C: 0x5C, 0x27: 0x27, 0x22: 0x22, 0x61: 7, 0x62: 8, 0x66: 12, 0x6E: 10, 0x72: 13, 0x74: 9,
      0x76: 11,
    ]
    switch letter {
    case 0x0A: break
    case 0x30...0x37:
      position = start + 1
      var value: UInt32 = 0
      while position < start + 4, isDigit(position, 8) {
        value = value * 8 + UInt32(bytes[position] - 0x30)
        position += 1
      }
      try append(value, to: &text, at: start)
    case 0x78: try appendHexadecimal(2, to: &text, at: start)
    case 0x75: try appendHexadecimal(4, to: &text, at: start)
    case 0x55: try appendHexadecimal(8, to: &text, at: start)
    case 0x4E, 0x80...:
      throw source.error(
        "unsupported-feature", at: start,
        letter == 0x4E
          ? "characters by name (\\N{…}) are not supported"
          : "a backslash before a character beyond ASCII is not supported",
        hint: "write the character itself, or \\uXXXX")
    default:
      if let byte = simple[letter] {
        text.append(byte)
      } else {
        text.append(0x5C)
        text.append(letter)
      }
    }
  }

  private mutating func appendHexadecimal(
    _ count: Int, to text: inout [UInt8], at start: Int
  ) throws(TemplateError) {
    var value: UInt32 = 0
    for offset in 0..<count {
      guard isDigit(start + 2 + offset, 16), let digit = Text.digit(bytes[start + 2 + offset])
      else {
        throw source.error(
          "template-syntax", at: start, "this escape needs \(count) hexadecimal digits")
      }
      value = value << 4 | UInt32(digit)
    }
    position = start + 2 + count
    try append(value, to: &text, at: start)
  }

  private func append(
    _ value: UInt32, to text: inout [UInt8], at start: Int
  ) throws(TemplateError) {
    guard let scalar = Unicode.Scalar(value) else {
      throw source.error("template-syntax", at: start, "this escape is no character of Unicode")
    }
    Text.append(scalar, to: &text)
  }
}
