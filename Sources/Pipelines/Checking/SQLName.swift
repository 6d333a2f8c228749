/// Names in SQL, of which SQLite does not distinguish `a` to `z` from `A` to `Z`.
enum SQLName {
  /// Whether SQLite takes two names for one.
  static func isSame(_ left: String, _ right: String) -> Bool {
    left.utf8.elementsEqual(right.utf8) { folded($0) == folded($1) }
  }

  /// The words of an SQL text, quotes taken off.
  static func words(of text: String) -> [Substring] {
    text.split { !($0.isLetter || $0.isNumber || $0 == "_" || $0 == "$") }
  }

  private static func folded(_ byte: UInt8) -> UInt8 {
    (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
  }
}
