/// The names that a header row gives its columns.
struct CSVHeader {
  private let bytes: [[UInt8]]

  init(_ bytes: [[UInt8]]) { self.bytes = bytes }

  /// The names as text.
  var names: [String] { bytes.map { String(decoding: $0, as: UTF8.self) } }

  /// Refuses names that are empty, repeated (byte for byte) or hold NUL.
  func check(source: String, line: Int) throws(SourceError) {
    var first: [[UInt8]: Int] = [:]
    for (position, name) in bytes.enumerated() {
      if name.isEmpty {
        throw SourceError(
          .badHeader, in: source, line: line, "column \(position + 1) has no name in the header",
          hint: "name it, or remove the delimiter that makes it")
      }
      if name.contains(0) {
        throw SourceError(
          .badHeader, in: source, line: line, "the name of column \(position + 1) holds NUL",
          hint: "a file saved as UTF-16 needs encoding: utf-16")
      }
      if let earlier = first.updateValue(position, forKey: name) {
        throw SourceError(
          .badHeader, in: source, line: line,
          "columns \(earlier + 1) and \(position + 1) are both named \"\(names[position])\"",
          hint: "give each column a name of its own")
      }
    }
  }

  /// The type of each column, text where `types` says nothing.
  func types(
    _ types: [String: CSVFieldType], source: String
  ) throws(SourceError) -> [CSVFieldType] {
    var found = [CSVFieldType](repeating: .text, count: bytes.count)
    for (name, type) in types.sorted(by: { $0.key < $1.key }) {
      guard let position = bytes.firstIndex(where: { $0.elementsEqual(name.utf8) }) else {
        throw SourceError(
          .unknownColumn, in: source,
          "types: names the column \"\(name)\", which is not in the header")
      }
      found[position] = type
    }
    return found
  }
}
