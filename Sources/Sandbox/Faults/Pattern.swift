/// A text in which `*` stands for any run of characters.
struct Pattern: Hashable, Sendable {
  private let parts: [[UInt8]]

  init(_ text: String) {
    parts = text.utf8.split(separator: 0x2A, omittingEmptySubsequences: false).map(Array.init)
  }

  /// The text that alone fits; nil when a `*` stands in the pattern.
  var exact: String? {
    parts.count == 1 ? parts.first.map { String(decoding: $0, as: UTF8.self) } : nil
  }

  /// Whether all of the text fits.
  func matches(_ text: String) -> Bool {
    let text = Array(text.utf8)
    guard parts.count > 1, let first = parts.first, let last = parts.last else {
      return text == parts[0]
    }
    guard text.starts(with: first), text.count >= first.count + last.count,
      text.suffix(last.count).elementsEqual(last)
    else { return false }
    var rest = text[first.count..<(text.count - last.count)]
    for part in parts[1..<(parts.count - 1)] {
      guard let found = Self.find(part, in: rest) else { return false }
      rest = rest[(found + part.count)...]
    }
    return true
  }

  private static func find(_ part: [UInt8], in text: ArraySlice<UInt8>) -> Int? {
    guard text.count >= part.count else { return nil }
    return (text.startIndex...(text.endIndex - part.count)).first { text[$0...].starts(with: part) }
  }
}
