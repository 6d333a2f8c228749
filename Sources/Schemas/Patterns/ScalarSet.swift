/// A set of Unicode scalar values: ranges and general categories.
struct ScalarSet: Sendable {
  private(set) var ranges: [ClosedRange<UInt32>] = []
  /// One bit for each general category that belongs to the set.
  private var categories: UInt32 = 0
  private var isInverted = false
  /// The members below 128, one bit each: what nearly every look-up asks for.
  private var ascii: (low: UInt64, high: UInt64) = (0, 0)

  static let last: UInt32 = 0x10FFFF

  init() {}

  init(_ ranges: [ClosedRange<UInt32>]) { self.ranges = ranges }

  init(categories: UInt32) { self.categories = categories }

  /// Collects the scalars that have a property.
  init(where hasProperty: (Unicode.Scalar.Properties) -> Bool) {
    var start: UInt32?
    for value in 0...(Self.last + 1) {
      let isMember = Unicode.Scalar(value).map { hasProperty($0.properties) } ?? false
      if isMember, start == nil { start = value }
      if !isMember, let first = start {
        ranges.append(first...(value - 1))
        start = nil
      }
    }
  }

  mutating func insert(_ range: ClosedRange<UInt32>) { ranges.append(range) }

  mutating func formUnion(_ other: ScalarSet) {
    precondition(!other.isInverted, "only a whole class is inverted")
    ranges += other.ranges
    categories |= other.categories
  }

  /// Everything else.
  ///
  /// A set is either made of ranges or of categories when this is asked.
  var complement: ScalarSet {
    guard categories == 0 else { return ScalarSet(categories: ~categories) }
    var result = ScalarSet()
    var next: UInt32 = 0
    for range in Self.merged(ranges) {
      if range.lowerBound > next { result.insert(next...(range.lowerBound - 1)) }
      next = range.upperBound + 1
    }
    if next <= Self.last { result.insert(next...Self.last) }
    return result
  }

  /// The set ready for look-ups, turned into its opposite if wanted.
  func finished(inverted: Bool) -> ScalarSet {
    var result = self
    result.ranges = Self.merged(ranges)
    result.isInverted = inverted
    for value in 0..<UInt32(128) where result.search(value) != inverted {
      if value < 64 {
        result.ascii.low |= 1 << UInt64(value)
      } else {
        result.ascii.high |= 1 << UInt64(value - 64)
      }
    }
    return result
  }

  private static func merged(_ ranges: [ClosedRange<UInt32>]) -> [ClosedRange<UInt32>] {
    var result: [ClosedRange<UInt32>] = []
    for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if let last = result.last, range.lowerBound <= last.upperBound &+ 1 {
        result[result.count - 1] = last.lowerBound...max(last.upperBound, range.upperBound)
      } else {
        result.append(range)
      }
    }
    return result
  }

  /// Whether a scalar is a member of a finished set.
  func contains(_ value: UInt32) -> Bool {
    if value < 64 { return ascii.low >> UInt64(value) & 1 == 1 }
    if value < 128 { return ascii.high >> UInt64(value - 64) & 1 == 1 }
    return search(value) != isInverted
  }

  private func search(_ value: UInt32) -> Bool {
    var low = 0
    var high = ranges.count
    while low < high {
      let middle = (low + high) / 2
      if ranges[middle].upperBound < value { low = middle + 1 } else { high = middle }
    }
    if low < ranges.count, ranges[low].contains(value) { return true }
    guard categories != 0, let scalar = Unicode.Scalar(value) else { return false }
    return categories >> scalar.properties.generalCategory.bit & 1 == 1
  }
}
