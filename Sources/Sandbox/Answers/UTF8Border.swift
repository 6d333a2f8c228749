/// Where a text may be cut.
enum UTF8Border {
  /// The last border between characters at or before `end`.
  static func before(_ end: Int, in text: UnsafeBufferPointer<UInt8>) -> Int {
    var border = min(end, text.count)
    while border > 0, border < text.count, text[border] & 0xC0 == 0x80 { border -= 1 }
    return border
  }
}
