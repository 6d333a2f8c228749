internal import Records

/// JSON in the forms that templates need.
enum JSONText {
  /// Text in the canonical escaped form, without quotes.
  static func escaped(_ text: [UInt8]) -> [UInt8] {
    var buffer = ByteBuffer(capacity: text.count + 16)
    text.withUnsafeBufferPointer { JSONEscape.append($0, to: &buffer) }
    return Array(buffer.bytes)
  }
}
