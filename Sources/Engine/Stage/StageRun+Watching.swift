internal import Ledger
internal import Pipelines
internal import Providers

extension StageRun {
  /// So long before results are removed it is told.
  private static let retentionNotice: Int64 = 5 * 86_400_000

  /// Tells that a batch takes long, and cancels it when the pipeline says so.
  ///
  /// - Parameters:
  ///   - state: The batch as the provider just told it, not ended.
  ///   - shard: Its shard; that it is canceled is noted there, and not stored yet.
  /// - Throws: `LedgerError`; `ProviderError` when it cannot be canceled now.
  func watch(_ state: BatchState, _ shard: inout ShardRecord) async throws {
    let now = state.answer.now ?? clock.milliseconds
    let window = state.expiresAt.map { $0 - state.createdAt } ?? usualWindow
    let age = now - state.createdAt
    guard Double(age) >= Double(window) * stage.load.late.after else { return }
    let isCanceling = stage.load.late.remedy != .wait && shard.state == .submitted
    let remedy =
      stage.load.late.remedy == .concurrent ? "is asked one by one" : "goes into a new one"
    try alert(
      .lateBatch, of: state.id,
      "batch \(state.id) runs for \(hours(age)) of its \(hours(window))"
        + (isCanceling ? "; it is canceled, and what is not finished \(remedy)" : ""))
    guard isCanceling, shard.cancelRequestedAt == nil else { return }
    let id = state.id
    _ = try await provider.call { () throws(ProviderError) in try await provider.batches.cancel(id)
    }
    shard.cancelRequestedAt = clock.milliseconds
  }

  /// How long the provider works on a batch at most, in milliseconds, where it does not say so of each.
  var usualWindow: Int64 {
    settings.catalog[stage.load.provider.kind].limits.window.milliseconds
  }

  /// Tells of results that will be removed at the provider before they are here.
  func watchRetention() throws {
    let retention = settings.catalog[stage.load.provider.kind].limits.retention.milliseconds
    for shard in try ledger.openShards(ofStage: number) {
      guard [.submitted, .adopting, .ended].contains(shard.state), let id = shard.remoteID,
        let created = shard.remoteCreatedAt
      else { continue }
      let left = created + retention - clock.milliseconds
      guard left < Self.retentionNotice else { continue }
      try alert(
        .retention, of: id,
        left > 0
          ? "the provider removes the results of batch \(id) in \(hours(left)); let leaven run finish before"
          : "the provider may have removed the results of batch \(id) already")
    }
  }

  /// Removes settled batches from the provider, when the pipeline says so. What cannot be removed now is tried again
  /// by a later tick.
  func deleteCollected() async throws {
    guard stage.load.deletesAfterCollect else { return }
    for shard in try ledger.shardsToDelete(ofStage: number) {
      guard let id = shard.remoteID else { continue }
      try Task.checkCancellation()
      do throws(ProviderError) {
        try await provider.call { () throws(ProviderError) in try await provider.batches.delete(id)
        }
      } catch {
        guard error.isNotFound else {
          settings.report(
            .warning(stage: stage.name, "batch \(id) could not be removed yet: \(error)"))
          return
        }
      }
      try ledger.recordDeletion(of: shard, at: clock.milliseconds)
    }
  }

  private func alert(_ kind: Alert.Kind, of subject: String, _ sentence: String) throws {
    let now = clock.milliseconds
    guard try ledger.raiseAlert(kind: kind.rawValue, subject: subject, now: now) else { return }
    settings.report(
      .alert(
        Alert(
          kind, pipeline: plan.name, stage: stage.name, subject: subject, sentence: sentence,
          at: now)))
  }

  private func hours(_ milliseconds: Int64) -> String { "\(milliseconds / 3_600_000) h" }
}
