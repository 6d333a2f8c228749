internal import Records

/// The rows of a results file that no request took.
struct UnusedRows {
  /// The custom_ids of rows that nobody waits for, or that came twice.
  var customIDs: [ContentHash] = []
  /// Rows without a custom_id.
  var namelessCount = 0
  /// Lines that are no JSON.
  var unreadable = UnreadableLines()

  /// How many they are.
  var count: Int { customIDs.count + namelessCount + unreadable.count }
}

/// The lines of a results file that cannot be read: cut off, most likely.
public struct UnreadableLines: Sendable, Equatable {
  /// How many lines are named.
  private static let namedCount = 5

  /// How many there are.
  public private(set) var count = 0
  /// The numbers of the first, counted from 1.
  public private(set) var firstLines: [Int] = []

  mutating func add(_ line: Int) {
    count += 1
    if firstLines.count < Self.namedCount { firstLines.append(line) }
  }
}
