internal import Records

extension SandboxWorld {
  /// Makes the next batch, with its rows where `place` puts them, and begins to settle it.
  ///
  /// The rows are in their file and the creation in the events when this returns.
  func createBatch(
    _ call: Call, _ terms: BatchTerms, prefix: String, count: Int,
    place: (BatchRecord) throws(SandboxError) -> Void
  ) throws(SandboxError) -> BatchRecord {
    let batch = try book.create { (ordinal) throws(SandboxError) in
      let batch = record(ordinal, terms, id: id(call.api, prefix, ordinal), count: count, call)
      try place(batch)
      return batch
    }
    settler.begin(batch)
    return batch
  }

  /// Anthropic's ids have a mark of their own after the prefix.
  private func id(_ api: SandboxAPI, _ prefix: String, _ ordinal: Int) -> String {
    if api == .anthropic { return Draw.id(prefix, seed: configuration.seed, "\(ordinal)") }
    var draw = Draw(seed: configuration.seed, "\(api.rawValue) batch \(ordinal)")
    return prefix + draw.letters(24)
  }

  private func record(
    _ ordinal: Int, _ terms: BatchTerms, id: String, count: Int, _ call: Call
  ) -> BatchRecord {
    // A large body may have taken its time: the batch begins when it is stored.
    let nowMs = clock.nowMs
    let fault = configuration.faults.batches.first { $0.hits(ordinal, terms) }
    return BatchRecord(
      id: id, ordinal: ordinal, workspace: call.workspace,
      terms: fault?.failure.map { terms.failing($0) } ?? terms, requestCount: count,
      createdAtMs: nowMs,
      durationMs: fault?.durationMs ?? drawnDurationMs(ordinal),
      reachableShare: fault?.reachableShare ?? 1,
      canceledByOthersAtMs: fault?.cancelAfterMs.map { nowMs + $0 })
  }

  private func drawnDurationMs(_ ordinal: Int) -> Int64 {
    let range = configuration.batchDuration
    let (low, high) = (range.lowerBound.milliseconds, range.upperBound.milliseconds)
    var draw = Draw(seed: configuration.seed, "duration \(ordinal)")
    return low + Int64(draw.share() * Double(high - low))
  }

  /// Begins to cancel a batch that has not ended; returns it as it is then.
  func cancel(_ batch: BatchRecord, atMs ms: Int64) throws(SandboxError) -> BatchRecord {
    let canceled = try book.cancel(batch.id, atMs: ms) ?? batch
    settler.begin(canceled)
    return canceled
  }

  /// The batches of an API that have not ended.
  func open(_ api: SandboxAPI) -> [BatchRecord] {
    book.all.filter { $0.api == api && $0.endedAtMs == nil && $0.ending.atMs > clock.nowMs }
  }

  /// The batches of a call's API and workspace as they are now, newest first.
  func batches(for call: Call) async throws -> [BatchRecord] {
    var batches: [BatchRecord] = []
    for batch in book.batches(of: call.workspace, call.api) {
      batches.append(try await current(batch))
    }
    return batches
  }
}

extension Duration {
  /// Whole milliseconds.
  fileprivate var milliseconds: Int64 {
    components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
  }
}
