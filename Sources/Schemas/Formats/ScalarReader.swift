/// Reading scalars out of well-formed UTF-8.
enum ScalarReader {
  /// The scalar at an offset and its length in bytes; nil at the end.
  static func scalar(
    in text: UnsafeBufferPointer<UInt8>, at start: Int
  ) -> (value: UInt32, length: Int)? {
    guard start < text.count else { return nil }
    let lead = text[start]
    if lead < 0x80 { return (UInt32(lead), 1) }
    let length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
    guard start + length <= text.count else { return nil }
    var value = UInt32(lead) & (0x7F >> UInt32(length))
    for offset in 1..<length { value = value << 6 | UInt32(text[start + offset] & 0x3F) }
    return (value, length)
  }

  /// All scalars of a text.
  static func scalars(of text: UnsafeBufferPointer<UInt8>) -> [UInt32] {
    String(decoding: text, as: UTF8.self).unicodeScalars.map(\.value)
  }
}
