internal import Ledger
internal import Pipelines
internal import Providers

extension StageRun {
  /// Asks after the batches whose time has come.
  func poll(_ rest: inout Rest) async throws {
    for var shard in try ledger.openShards(ofStage: number)
    where shard.state == .submitted || shard.state == .adopting {
      if let next = shard.nextPollAt, isAhead(next) {
        rest.wake(at: next)
        continue
      }
      try Task.checkCancellation()
      try await ask(after: &shard, &rest)
    }
  }

  /// Whether a time that was set for later is still to come. One that is further off than any that is ever set was
  /// set before the clock was put back, and counts as past.
  func isAhead(_ time: Int64) -> Bool {
    let now = clock.milliseconds
    return time > now && time - now <= PollPolicy.farthest
  }

  private func ask(after shard: inout ShardRecord, _ rest: inout Rest) async throws {
    guard let id = shard.remoteID else { preconditionFailure("a submitted shard has a batch") }
    switch await state(of: id, createdAt: shard.remoteCreatedAt) {
    case .success(let state): try await hear(state, &shard, &rest)
    case .failure(let error) where error.isNotFound: try notFound(error, &shard, &rest)
    case .failure(let error): throw error
    }
  }

  /// What the provider says of a batch.
  func state(
    of id: String, createdAt: Int64?
  ) async -> Result<BatchState, ProviderError> {
    do throws(ProviderError) {
      return .success(
        try await provider.call { () throws(ProviderError) in
          try await provider.batches.retrieve(id, createdAt: createdAt)
        })
    } catch {
      return .failure(error)
    }
  }

  private func hear(
    _ state: BatchState, _ shard: inout ShardRecord, _ rest: inout Rest
  ) async throws {
    clock.hear(state.answer.sandboxNow)
    if state.isEnded {
      try await finish(state, &shard, &rest)
    } else {
      try await watch(state, &shard)
      try postpone(&shard, hint: state.answer.retryAfter, &rest)
    }
  }

  private func finish(
    _ state: BatchState, _ shard: inout ShardRecord, _ rest: inout Rest
  ) async throws {
    guard shard.state == .submitted else {
      try await verify(state, &shard, &rest)
      return
    }
    if state.failure?.isQueueFull == true, try turnAway(&shard, state, &rest) { return }
    _ = try ledger.move(&shard, .finished) {
      $0.resultsURL = state.resultsURL
      $0.nextPollAt = nil
    }
  }

  /// A batch that is not found: not visible yet, or really gone. It is never sent again unasked.
  private func notFound(
    _ error: ProviderError, _ shard: inout ShardRecord, _ rest: inout Rest
  ) throws {
    if !error.isNotYetVisible {
      rest.problems.append(
        RunError.batchUnknown(stage: stage.name, shard: shard.id, batch: shard.remoteID ?? ""))
    }
    try postpone(&shard, hint: error.retryAfter, &rest)
  }

  func postpone(_ shard: inout ShardRecord, hint: Duration?, _ rest: inout Rest) throws {
    let now = clock.milliseconds
    let next = PollPolicy().next(
      after: now, age: now - (shard.submittedAt ?? shard.intentAt ?? now), hint: hint,
      jitter: Double.random(in: 0...1))
    shard.nextPollAt = next
    try ledger.update(shard)
    rest.wake(at: next)
  }
}
