/// A string as Python has it: a sequence of code points, kept as UTF-8, equal only to the same bytes.
struct Text: Sendable {
  var bytes: [UInt8]
  /// Whether it is MarkupSafe's `Markup`, text that is not to be escaped for HTML: what `safe`,
  /// `escape` and `tojson` make.
  ///
  /// What is added to it is escaped.
  var isMarkup = false

  init(bytes: [UInt8], isMarkup: Bool = false) {
    self.bytes = bytes
    self.isMarkup = isMarkup
  }

  init(_ string: String, isMarkup: Bool = false) {
    self.init(bytes: Array(string.utf8), isMarkup: isMarkup)
  }

  init(_ scalars: some Sequence<Unicode.Scalar>, isMarkup: Bool = false) {
    var bytes: [UInt8] = []
    for scalar in scalars { Self.append(scalar, to: &bytes) }
    self.init(bytes: bytes, isMarkup: isMarkup)
  }

  /// The text as a Swift string, for messages and for what Unicode tables are needed for.
  var string: String { String(decoding: bytes, as: UTF8.self) }

  /// Whether every character is ASCII, so that bytes and characters are the same.
  var isASCII: Bool { bytes.allSatisfy { $0 < 0x80 } }

  /// The number of code points.
  var count: Int { bytes.count { $0 & 0xC0 != 0x80 } }

  var isEmpty: Bool { bytes.isEmpty }

  /// The code points.
  var scalars: [Unicode.Scalar] { Array(string.unicodeScalars) }

  /// Other bytes that are markup if this is.
  func alike(_ bytes: [UInt8]) -> Text { Text(bytes: bytes, isMarkup: isMarkup) }

  /// Other text that is markup if this is.
  func alike(_ string: String) -> Text { Text(string, isMarkup: isMarkup) }

  /// The same text without the mark.
  var unmarked: Text { Text(bytes: bytes) }

  /// The code point that begins at `position`, which moves behind it.
  ///
  /// The bytes are well formed.
  static func scalar<Bytes: RandomAccessCollection>(
    in bytes: Bytes, at position: inout Int
  ) -> Unicode.Scalar where Bytes.Element == UInt8, Bytes.Index == Int {
    let lead = UInt32(bytes[position])
    let length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
    var value = lead < 0x80 ? lead : lead & (0x7F >> UInt32(length))
    for offset in 1..<max(length, 1) where position + offset < bytes.endIndex {
      value = value << 6 | UInt32(bytes[position + offset] & 0x3F)
    }
    position += length
    return Unicode.Scalar(value) ?? "\u{FFFD}"
  }

  static func append(_ scalar: Unicode.Scalar, to bytes: inout [UInt8]) {
    bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
  }

  /// The value of a digit in bases up to 36, nil for another byte.
  static func digit(_ byte: UInt8) -> Int? {
    switch byte {
    case 0x30...0x39: Int(byte) - 0x30
    case 0x41...0x5A: Int(byte) - 0x37
    case 0x61...0x7A: Int(byte) - 0x57
    default: nil
    }
  }
}

extension Text: Hashable, Comparable, ExpressibleByStringLiteral {
  init(stringLiteral value: String) { self.init(value) }
  static func == (left: Text, right: Text) -> Bool { left.bytes == right.bytes }
  /// By code points, which is the order of UTF-8.
  static func < (left: Text, right: Text) -> Bool {
    left.bytes.lexicographicallyPrecedes(right.bytes)
  }
  func hash(into hasher: inout Hasher) { hasher.combine(bytes) }
}
