internal import GRDB

/// Lets go of everything that still waits in a shard which will bring nothing more.
struct ShardRelease {
  private let shard: ShardRecord

  init(_ shard: ShardRecord) { self.shard = shard }

  /// Puts the shard's items back among the pending ones, and ends its open attempts.
  ///
  /// - Throws: `DatabaseError`.
  func run(_ connection: SQLiteConnection) throws {
    try connection.run(
      "UPDATE items SET state = 2 WHERE id BETWEEN ? AND ? AND shard_id = ? AND state = 3",
      shard.items.lowerBound, shard.items.upperBound, shard.id)
    let ended = try connection.run(
      "UPDATE attempts SET outcome = 'missing' WHERE shard_id = ? AND outcome = 'open'", shard.id)
    if ended > 0 { try OrphanedTwins.wake(connection) }
  }
}
