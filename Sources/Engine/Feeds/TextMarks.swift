/// Finds, character by character, where a text may be cut.
struct TextMarks {
  /// What ends at a character.
  enum Mark {
    case none
    /// A word, before the character, which is white space.
    case word
    /// A sentence, before the character, which is white space.
    case sentence
    /// A sentence, with the character, whatever follows.
    case sentenceBehind
    /// A paragraph, with the character, a line end after an empty line.
    case paragraph
  }

  /// Whether the last characters end a sentence, if white space follows.
  private var endsSentence = false
  /// Whether there was nothing but white space since the last line end.
  private var isLineEmpty = false

  /// Reads one character of well-formed UTF-8.
  mutating func read(
    _ text: UnsafeBufferPointer<UInt8>, _ position: Int, _ length: Int
  ) -> Mark {
    let byte = text[position]
    guard length == 1 else { return readLong(text, position, length) }
    if TextSplitter.isSpace(byte) {
      if byte == 0x0A {
        if isLineEmpty { return .paragraph }
        isLineEmpty = true
      }
      defer { endsSentence = false }
      return endsSentence ? .sentence : .word
    }
    isLineEmpty = false
    switch byte {
    case UInt8(ascii: "."), UInt8(ascii: "!"), UInt8(ascii: "?"): endsSentence = true
    // What closes after the end belongs to the sentence.
    case UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: ")"), UInt8(ascii: "]"): break
    default: endsSentence = false
    }
    return .none
  }

  private mutating func readLong(
    _ text: UnsafeBufferPointer<UInt8>, _ position: Int, _ length: Int
  ) -> Mark {
    isLineEmpty = false
    guard length == 3 else {
      // U+00BB closes a quotation.
      if text[position] != 0xC2 || text[position + 1] != 0xBB { endsSentence = false }
      return .none
    }
    switch (text[position], text[position + 1], text[position + 2]) {
    // 。！？
    case (0xE3, 0x80, 0x82), (0xEF, 0xBC, 0x81), (0xEF, 0xBC, 0x9F):
      endsSentence = true
      return .sentenceBehind
    // …
    case (0xE2, 0x80, 0xA6): endsSentence = true
    // ’ ” 」 』
    case (0xE2, 0x80, 0x99), (0xE2, 0x80, 0x9D), (0xE3, 0x80, 0x8D), (0xE3, 0x80, 0x8F): break
    default: endsSentence = false
    }
    return .none
  }
}
