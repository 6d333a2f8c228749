/// Well-formedness of UTF-8 (RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF).
public enum UTF8Check {
  /// The length in bytes of the well-formed multi-byte sequence at `start`, 0 when it is ill formed.
  @inline(__always) static func sequenceLength(
    _ base: UnsafePointer<UInt8>, at start: Int, end: Int
  ) -> Int {
    let lead = base[start]
    guard lead >= 0xC2, lead <= 0xF4 else { return 0 }
    let length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
    guard start + length <= end else { return 0 }
    let second = base[start + 1]
    guard second & 0xC0 == 0x80 else { return 0 }
    switch lead {
    case 0xE0 where second < 0xA0, 0xED where second > 0x9F, 0xF0 where second < 0x90,
      0xF4 where second > 0x8F:
      return 0
    default: break
    }
    var offset = 2
    while offset < length {
      guard base[start + offset] & 0xC0 == 0x80 else { return 0 }
      offset += 1
    }
    return length
  }

  /// The offset of the first byte that is not part of well-formed UTF-8, nil when there is none.
  public static func firstError(in bytes: UnsafeBufferPointer<UInt8>) -> Int? {
    guard let base = bytes.baseAddress else { return nil }
    var position = 0
    let end = bytes.count
    while true {
      position = ByteBlock.asciiEnd(base, from: position, to: end)
      while position < end, base[position] >= 0x80 {
        let length = sequenceLength(base, at: position, end: end)
        if length == 0 { return position }
        position += length
      }
      if position == end { return nil }
    }
  }
}
