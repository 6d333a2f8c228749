/// Counts bytes by how many of their upper bits are set: at least one (no ASCII), two (begins a sequence of two
/// or more), three, four. Eight counters of a byte each lie in a register and are emptied before they overflow.
struct LeadCounts {
  static var tops: UInt64 { 0x8080_8080_8080_8080 }

  private var totals: (Int, Int, Int, Int) = (0, 0, 0, 0)
  private var one: UInt64 = 0
  private var two: UInt64 = 0
  private var three: UInt64 = 0
  private var four: UInt64 = 0
  private var rounds = 0

  /// Counts 32 bytes.
  @inline(__always) mutating func add(
    _ first: UInt64, _ second: UInt64, _ third: UInt64, _ fourth: UInt64
  ) {
    add(first)
    add(second)
    add(third)
    add(fourth)
    rounds += 4
    if rounds > 250 { settle() }
  }

  @inline(__always) private mutating func add(_ word: UInt64) {
    let first = word & Self.tops
    let second = first & word << 1
    let third = second & word << 2
    let fourth = third & word << 3
    one &+= first >> 7
    two &+= second >> 7
    three &+= third >> 7
    four &+= fourth >> 7
  }

  /// Counts one byte.
  @inline(__always) mutating func add(byte: UInt8) {
    if byte < 0x80 { return }
    totals.0 += 1
    if byte >= 0xC0 { totals.1 += 1 }
    if byte >= 0xE0 { totals.2 += 1 }
    if byte >= 0xF0 { totals.3 += 1 }
  }

  /// Empties the counters into the totals.
  mutating func settle() {
    totals.0 += Self.sum(one)
    totals.1 += Self.sum(two)
    totals.2 += Self.sum(three)
    totals.3 += Self.sum(four)
    (one, two, three, four, rounds) = (0, 0, 0, 0, 0)
  }

  /// How many bytes had at least one, two, three or four (0 to 3) of their upper bits set; after `settle`.
  func total(of bits: Int) -> Int {
    switch bits {
    case 0: totals.0
    case 1: totals.1
    case 2: totals.2
    default: totals.3
    }
  }

  private static func sum(_ counters: UInt64) -> Int {
    let pairs = (counters & 0x00FF_00FF_00FF_00FF) + (counters >> 8 & 0x00FF_00FF_00FF_00FF)
    return Int((pairs &* 0x0001_0001_0001_0001) >> 48)
  }
}
