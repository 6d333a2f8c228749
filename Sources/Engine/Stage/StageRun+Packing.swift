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
    let busy = try ledger.openShards(ofStage: number).contains { $0.state != .exported }
    guard !busy || pending >= Self.worthwhile else { return }
    let repacking = try ShardRepacking(self)
    for shard in try ledger.shardsToRepeat(ofStage: number) {
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
