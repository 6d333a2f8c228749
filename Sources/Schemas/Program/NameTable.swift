/// A set of names with a number for each, looked up by length and bytes.
struct NameTable: Sendable, Hashable {
  /// The first entry in the program's names.
  var start: Int32
  var count: Int32
  /// The first slot in the program's slots.
  var slots: Int32
  /// One less than the number of slots, a power of two; 0 for a table so small that it is searched
  /// in order.
  var mask: Int32

  /// The size up to which a table is searched in order.
  static let orderedLimit = 6

  /// A hash of a name over its length and at most its first and last eight bytes: names that models
  /// and people give differ there.
  static func hash(_ name: UnsafeBufferPointer<UInt8>) -> Int {
    let count = name.count
    guard let base = name.baseAddress, count > 0 else { return 0 }
    var word: UInt64 = 0
    var tail: UInt64 = 0
    if count >= 8 {
      word = UnsafeRawPointer(base).loadUnaligned(as: UInt64.self)
      tail = UnsafeRawPointer(base + count - 8).loadUnaligned(as: UInt64.self)
    } else {
      for offset in 0..<count { word = word << 8 | UInt64(base[offset]) }
    }
    var mixed = (word ^ UInt64(count)) &* 0x9E37_79B9_7F4A_7C15
    mixed = (mixed ^ (mixed >> 29) ^ tail) &* 0xBF58_476D_1CE4_E5B9
    return Int(truncatingIfNeeded: mixed >> 33)
  }
}
