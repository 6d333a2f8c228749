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

  /// Calls `body` with each run of numbers that are in the set, rising.
  func forEachRun(_ body: (ClosedRange<Int64>) throws -> Void) rethrows {
    var start: Int64?
    for position in words.indices {
      let word = words[position]
      // Most words are all or nothing.
      if word == (start == nil ? 0 : .max) { continue }
      for bit in 0..<64 {
        let item = Int64(position) << 6 + Int64(bit)
        if word >> UInt64(bit) & 1 == 1 {
          if start == nil { start = item }
        } else if let first = start {
          try body(first...(item - 1))
          start = nil
        }
      }
    }
    if let start { try body(start...(Int64(words.count) << 6 - 1)) }
  }
}
