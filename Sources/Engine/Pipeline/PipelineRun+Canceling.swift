internal import Ledger
internal import Pipelines
public import Providers

extension PipelineRun {
  /// What a cancellation did.
  public struct Canceled: Sendable {
    /// Batches that were asked to end.
    public var batches: [String] = []
    /// Batches that were over already.
    public var alreadyEnded = 0
    /// Why some could not be asked.
    public var failures: [ProviderError] = []
  }

  /// Changes the ledger between ticks, waiting up to 30 s for the pipeline's lock.
  private func locked<Value>(
    _ body: (RunLedger) async throws -> Value
  ) async throws(RunError) -> Value {
    try await RunError.typed {
      let lock = try await folder.lock()
      defer { withExtendedLifetime(lock) {} }
      try folder.make()
      return try await body(try openLedger())
    }
  }

  /// Puts the pipeline on hold and asks the provider to end its batches. Finished rows are kept and collected by later
  /// runs; nothing is sent until the hold is released.
  ///
  /// - Throws: `RunError`. The hold is stored before the first batch is asked to end.
  public func cancel() async throws(RunError) -> Canceled {
    try await locked { ledger in
      if try ledger.heldSince() == nil { try ledger.hold(since: settings.now()) }
      var canceled = Canceled()
      for var shard in try ledger.openShards() {
        guard let id = shard.remoteID, shard.state == .submitted || shard.state == .adopting,
          let provider = providers[shard.provider]
        else { continue }
        do throws(ProviderError) {
          let state = try await provider.call { () throws(ProviderError) in
            try await provider.batches.cancel(id)
          }
          if state.isEnded { canceled.alreadyEnded += 1 } else { canceled.batches.append(id) }
        } catch {
          canceled.failures.append(error)
          continue
        }
        shard.cancelRequestedAt = clock.milliseconds
        shard.nextPollAt = clock.milliseconds
        try ledger.update(shard)
      }
      return canceled
    }
  }

  /// Lets a pipeline on hold send again.
  ///
  /// - Throws: `RunError`.
  public func release() async throws(RunError) {
    try await locked { try $0.hold(since: nil) }
  }

  /// Takes a person's word that the provider does not have a shard: its requests are made again.
  ///
  /// - Returns: Whether there is such a shard, waiting for that word.
  /// - Throws: `RunError`.
  public func assumeAbsent(shard number: Int64) async throws(RunError) -> Bool {
    try await locked { ledger in
      guard var shard = try ledger.shard(number) else { return false }
      switch shard.state {
      case .unknown:
        _ = try ledger.move(&shard, .declaredAbsent) { $0.remoteID = nil }
      case .submitting:
        _ = try ledger.move(&shard, .absent) { $0.absentSince = nil }
      case .submitted, .ended:
        _ = try ledger.move(&shard, .lost)
      default: return false
      }
      let accounts = try AccountBook.open(inRoot: folder.root)
      if let account = providers[shard.provider]?.account {
        try accounts.endTurn(account: account, pipeline: plan.name, remoteID: nil)
      }
      return true
    }
  }
}
