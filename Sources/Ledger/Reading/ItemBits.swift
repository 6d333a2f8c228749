/// A set of item numbers, one bit for each number up to the highest.
struct ItemBits {
  private var words: [UInt64]

  /// An empty set for numbers from 0 to `last`.
  init(upTo last: Int64) { words = Array(repeating: 0, count: Int(last >> 6) + 1) }

  /// Whether a number is in the set; one above the highest is not.
  func contains(_ item: Int64) -> Bool {
    let word = Int(item >> 6)
    return word < words.count && words[word] >> UInt64(item & 63) & 1 == 1
  }

  /// Adds a number; false when it was there.
  mutating func insert(_ item: Int64) -> Bool {
    let bit: UInt64 = 1 << UInt64(item & 63)
    guard words[Int(item >> 6)] & bit == 0 else { return false }
    words[Int(item >> 6)] |= bit
    return true
  }
}
