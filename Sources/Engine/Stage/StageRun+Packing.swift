internal import Ledger
internal import Pipelines
internal import Providers
internal import Records

extension StageRun {
  /// So many requests are worth a batch of their own while others are still in flight.
  private static let worthwhile = 1000

  /// Packs requests that are to be made again: when nothing is in flight any more, or when they are many.
  ///
  /// Requests that are not on disk any more make the ledger ask for another reading.
  func packAgain() async throws {
    try ledger.wakeOrphanedTwins()
    let pending = try ledger.pendingCount(ofStage: number)
    guard pending > 0 else { return }
    let shards = try ledger.shardsToRepeat(ofStage: number)
    let late = shards.filter(wasLate)
    if !late.isEmpty { try pack(late, .concurrent) }
    let busy = try ledger.openShards(ofStage: number).contains { $0.state != .exported }
    guard !busy || pending >= Self.worthwhile else { return }
    try pack(shards.filter { shard in !late.contains { $0.id == shard.id } }, nil)
  }

  /// Our clock and the provider's, by which a batch became late, may differ by so much, in milliseconds.
  private static let clockSlack: Int64 = 300_000

  /// Whether a shard's batch was canceled because it took too long, and the pipeline says that what it left behind is asked
  /// one by one.
  private func wasLate(_ shard: ShardRecord) -> Bool {
    guard stage.load.late.remedy == .concurrent, let canceled = shard.cancelRequestedAt,
      let created = shard.remoteCreatedAt
    else { return false }
    let window = shard.remoteExpiresAt.map { $0 - created } ?? usualWindow
    let age = canceled - (shard.submittedAt ?? created) + Self.clockSlack
    return Double(age) >= Double(window) * stage.load.late.after
  }

  private func pack(_ shards: [ShardRecord], _ lane: ShardLane?) throws {
    guard !shards.isEmpty else { return }
    let repacking = try ShardRepacking(self, lane)
    for shard in shards {
      try Task.checkCancellation()
      try repacking.repeatRequests(of: shard)
    }
    let packed = try repacking.finish()
    if packed.requests > 0 {
      settings.report(
        .repacked(stage: stage.name, requests: packed.requests, shards: packed.shards))
    }
  }
}
