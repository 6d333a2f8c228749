/// White space as Python knows it (`str.isspace`), over UTF-8.
enum Whitespace {
  /// Whether a character is white space.
  static func contains(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x09...0x0D, 0x1C...0x20, 0x85, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F,
      0x205F, 0x3000:
      true
    default: false
    }
  }

  /// The index of the first byte that is not white space, else the end.
  static func start(ofTextIn bytes: ArraySlice<UInt8>) -> Int {
    var position = bytes.startIndex
    while position < bytes.endIndex {
      let length = length(in: bytes, at: position)
      if length == 0 { return position }
      position += length
    }
    return position
  }

  /// The index after the last byte that is not white space, else the start.
  static func end(ofTextIn bytes: ArraySlice<UInt8>) -> Int {
    var position = bytes.endIndex
    while position > bytes.startIndex {
      var first = position - 1
      while first > bytes.startIndex, bytes[first] & 0xC0 == 0x80 { first -= 1 }
      if length(in: bytes, at: first) == 0 { return position }
      position = first
    }
    return position
  }

  /// The length in bytes of the white-space character at an index, 0 when there is none.
  static func length(in bytes: ArraySlice<UInt8>, at index: Int) -> Int {
    let byte = bytes[index]
    if byte < 0x80 { return contains(Unicode.Scalar(byte)) ? 1 : 0 }
    guard byte == 0xC2 || (0xE1...0xE3).contains(byte) else { return 0 }
    var end = index
    let scalar = Text.scalar(in: bytes, at: &end)
    return contains(scalar) ? end - index : 0
  }
}
