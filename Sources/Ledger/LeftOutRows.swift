/// Rows of a source that are no records, and that the pipeline says to leave out.
public struct LeftOutRows: Sendable, Equatable {
  /// How many there are.
  public var count: Int
  /// The lines on which the first of them begin.
  public var firstLines: [Int]

  /// Creates them.
  public init(count: Int, firstLines: [Int]) {
    self.count = count
    self.firstLines = firstLines
  }

  /// As the ledger keeps them: all numbers, the count first.
  var stored: String { ([count] + firstLines).map(String.init).joined(separator: " ") }

  /// Reads what the ledger keeps.
  init?(stored: String) {
    let numbers = stored.split(separator: " ").compactMap { Int($0) }
    guard let count = numbers.first else { return nil }
    self.init(count: count, firstLines: Array(numbers.dropFirst()))
  }
}
