internal import Ledger
internal import Pipelines
internal import Providers
internal import Records

extension StageRun {
  /// Sends the shards that wait: asks one by one what is to go so, and makes batches of the rest, as far as `in_flight` and the
  /// account allow.
  ///
  /// - Returns: Whether anything was asked, and so may be asked again, or lets others follow.
  func submit(_ rest: inout Rest) async throws -> Bool {
    var gate = try canaryGate(&rest)
    if gate == .open { gate = try warmUpGate(&rest) }
    let waiting = try ledger.openShards(ofStage: number).filter {
      $0.state == .packed && (gate == .open || gate == .only($0.id))
    }
    let (shards, reason) = try asked(of: waiting, gate)
    var hasAsked = false
    for var shard in shards {
      try Task.checkCancellation()
      guard try refresh(&shard) else { continue }
      guard case .send(let measure) = try clearToAsk(&shard, &rest) else { return hasAsked }
      try await ask(&shard, measure, because: reason)
      try warnOfOverrun()
      hasAsked = true
    }
    let known = Set(shards.map(\.id))
    if !hasAsked { try await submitBatches(waiting.filter { !known.contains($0.id) }, &rest) }
    return hasAsked
  }

  private func submitBatches(_ waiting: [ShardRecord], _ rest: inout Rest) async throws {
    for var shard in waiting {
      try Task.checkCancellation()
      let open = try ledger.openShards(ofStage: number)
      let inFlight = open.filter {
        [.submitting, .adopting, .submitted, .unknown].contains($0.state)
      }
      guard inFlight.count < stage.load.inFlight else { return }
      if let later = shard.nextPollAt, isAhead(later) {
        rest.wake(at: later)
        return
      }
      guard try refresh(&shard) else { continue }
      guard try takeTurn(for: shard) else {
        // Another pipeline is between intent and answer; its look-up is a matter of minutes.
        rest.wake(at: clock.milliseconds + 60_000)
        return
      }
      guard case .send(let measure) = try await clear(&shard, &rest) else {
        try accounts.endTurn(account: provider.account, pipeline: plan.name, remoteID: nil)
        return
      }
      try enter(shard, measure)
      try await create(&shard, measure, &rest)
      try warnOfOverrun()
      if shard.state == .packed { return }
    }
  }

  /// Takes the account's turn to submit; false when another shard is between intent and answer.
  ///
  /// A turn that a killed run of ours left behind is given back: its shard's state says that it is over.
  private func takeTurn(for shard: ShardRecord) throws -> Bool {
    for _ in 0..<2 {
      let holder = try accounts.takeTurn(
        account: provider.account, pipeline: plan.name, shard: shard.id, now: clock.milliseconds)
      guard let holder else { return true }
      guard try isOver(holder) else {
        warn(of: holder)
        return false
      }
      let remoteID = holder.pipeline == plan.name ? try ledger.shard(holder.shard)?.remoteID : nil
      try accounts.endTurn(
        account: provider.account, pipeline: holder.pipeline, remoteID: remoteID)
    }
    return false
  }

  /// So long another pipeline may look for what became of its create before it is told, in milliseconds.
  private static let turnPatience: Int64 = 1_800_000

  /// Says who keeps everybody waiting when that is no matter of minutes any more: a pipeline that was ended between intent
  /// and answer, and that nobody runs again.
  private func warn(of holder: AccountBook.Turn) {
    let age = clock.milliseconds - holder.since
    guard holder.pipeline != plan.name, age >= Self.turnPatience else { return }
    settings.report(
      .warning(
        stage: stage.name,
        "pipeline '\(holder.pipeline)' was ended \(age / 60_000) min ago while it made a batch; nothing is sent through "
          + "this account before it has run again and found out what became of that"))
  }

  /// Whether the shard that has the turn is not being submitted any more, or its pipeline's state is gone.
  private func isOver(_ holder: AccountBook.Turn) throws -> Bool {
    guard holder.pipeline == plan.name else {
      let other = StateFolder(root: folder.root, pipeline: holder.pipeline)
      return !folder.has(other.path + "/ledger.sqlite")
    }
    return try ledger.shard(holder.shard)?.state != .submitting
  }

  /// Takes out of a shard what nobody wants any more; false when nothing is left.
  func refresh(_ shard: inout ShardRecord) throws -> Bool {
    let wanted = try ledger.wantedCount(of: shard)
    if wanted == shard.requestCount { return true }
    guard wanted > 0 else {
      _ = try ledger.move(&shard, .discard)
      folder.remove(folder.file(shard.file))
      return false
    }
    let keys = try ledger.wantedKeys(of: shard)
    let byteCount = try ShardRewrite(path: folder.file(shard.file)).keepOnly(keys)
    shard.requestCount = wanted
    shard.byteCount = byteCount
    try ledger.update(shard)
    return true
  }

  /// Commits the intent, makes the batch, commits its id.
  private func create(
    _ shard: inout ShardRecord, _ measure: ShardMeasure, _ rest: inout Rest
  ) async throws {
    let providerTime = try await provider.call { () throws(ProviderError) in
      try await provider.batches.newest()
    }.answer.now
    let now = clock.milliseconds
    let run = try ledger.beginRun(now: now)
    _ = try ledger.move(&shard, .submit) {
      setAside(measure, for: &$0, in: run)
      $0.intentAt = now
      $0.intentProviderAt = providerTime ?? now
      $0.absentSince = nil
      $0.nextPollAt = nil
    }
    let body = ShardBody(path: folder.file(shard.file), fileByteCount: shard.byteCount)
    switch await attempt(body, marker: marker(of: shard)) {
    case .success(let batch): try store(batch, of: &shard, &rest)
    case .failure(let error): try handle(error, of: &shard, &rest)
    }
  }

  /// Sends the create: again only when the provider certainly has nothing of it.
  private func attempt(
    _ body: ShardBody, marker: String
  ) async -> Result<BatchState, ProviderError> {
    do throws(ProviderError) {
      return .success(
        try await provider.call { () throws(ProviderError) in
          try await provider.batches.create(body, marker: marker)
        })
    } catch {
      return .failure(error)
    }
  }

  /// What a shard's batch is found again by, where the provider keeps such a thing: the same for as long as an intent
  /// stands, and never used for another.
  func marker(of shard: ShardRecord) -> String {
    "leaven \(plan.name) shard \(shard.id) of \(shard.requestCount) at \(shard.intentAt ?? 0)"
  }

  /// Notes the batch that a shard became.
  func store(_ batch: BatchState, of shard: inout ShardRecord, _ rest: inout Rest) throws {
    clock.hear(batch.answer.sandboxNow)
    let now = clock.milliseconds
    let next = PollPolicy().first(after: now)
    _ = try ledger.move(&shard, .created) {
      $0.remoteID = batch.id
      $0.submittedAt = now
      $0.remoteCreatedAt = batch.createdAt
      $0.remoteExpiresAt = batch.expiresAt
      $0.nextPollAt = next
    }
    try accounts.endTurn(account: provider.account, pipeline: plan.name, remoteID: batch.id)
    rest.wake(at: next)
    settings.report(
      .submitted(
        stage: stage.name, shard: shard.id, batch: batch.id, requests: shard.requestCount))
    try report()
  }

  private func handle(
    _ error: ProviderError, of shard: inout ShardRecord, _ rest: inout Rest
  ) throws {
    guard error.outcome == .ambiguous else {
      let mayWait = try error.status == 429 && !error.stopsRun && hasBatches()
      let later = clock.milliseconds + Self.crowdedPeriod
      _ = try ledger.move(&shard, .refused) { if mayWait { $0.nextPollAt = later } }
      try accounts.endTurn(account: provider.account, pipeline: plan.name, remoteID: nil)
      guard mayWait else { throw RunError.provider(error) }
      settings.report(
        .warning(
          stage: stage.name,
          "the provider takes no more for now (\(error)); shard \(shard.id) waits"))
      rest.wake(at: later)
      return
    }
    _ = try ledger.move(&shard, .interrupted)
    settings.report(
      .warning(
        stage: stage.name,
        "the answer to shard \(shard.id)'s create was lost (\(error)); looking it up at the provider"
      ))
    // The other shards of the account wait until this one is found or known to be absent.
    rest.wake(at: clock.milliseconds + 1000)
  }
}

extension StageRun {
  /// How long a shard waits that the provider had no room for, in milliseconds.
  static let crowdedPeriod: Int64 = 600_000

  /// Whether batches are at the provider: when they end, there is room for others.
  func hasBatches() throws -> Bool {
    try ledger.openShards(ofStage: number).contains { $0.state == .submitted }
  }
}

extension StageRun.Rest {
  /// Wakes the run at a time, if nothing wakes it earlier.
  mutating func wake(at time: Int64) { wakeAt = min(wakeAt ?? time, time) }
}
