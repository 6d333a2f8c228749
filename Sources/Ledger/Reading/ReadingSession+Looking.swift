internal import GRDB

extension ReadingSession {
  /// What the reading changed so far.
  public var soFar: ReadingTally { ledger.queue.writeWithoutTransaction { _ in tally } }

  /// The number of the first shard the reading fills.
  public var firstShard: Int64 { ledger.queue.writeWithoutTransaction { _ in cutter.firstNumber } }
}
