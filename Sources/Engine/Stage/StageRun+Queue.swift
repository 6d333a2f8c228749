internal import Ledger
internal import Pipelines
internal import Providers

extension StageRun {
  /// Takes back a shard whose batch the provider had no room for. It waits while others are at the provider, whose end makes
  /// room; with none there it is too large by itself, and is halved.
  ///
  /// - Returns: False when it is a single request that nothing stands in the way of: then it failed.
  func turnAway(
    _ shard: inout ShardRecord, _ state: BatchState, _ rest: inout Rest
  ) throws -> Bool {
    let mustWait = try hasOtherBatches(than: shard)
    guard mustWait || shard.requestCount > 1 else { return false }
    let later = clock.milliseconds + (mustWait ? Self.crowdedPeriod : 0)
    _ = try ledger.move(&shard, .turnedAway) {
      $0.remoteID = nil
      $0.submittedAt = nil
      $0.nextPollAt = later
      $0.reservedNano = 0
      $0.worstNano = 0
    }
    let words = state.failure?.problems.first?.message ?? ""
    settings.report(
      .warning(
        stage: stage.name,
        "the provider has no room for shard \(shard.id) (\(words)); "
          + (mustWait ? "it waits" : "it is halved")))
    rest.wake(at: later)
    guard !mustWait, try refresh(&shard), shard.requestCount > 1 else { return true }
    let half = ShardMeasure.Room(requests: shard.requestCount / 2)
    let (whole, head) = try measure(shard, within: half)
    try split(&shard, at: head, of: whole)
    return true
  }

  private func hasOtherBatches(than shard: ShardRecord) throws -> Bool {
    try ledger.openShards(ofStage: number).contains { $0.id != shard.id && $0.state == .submitted }
  }
}
