internal import Ledger
internal import Pipelines
internal import Providers
internal import Records

extension StageRun {
  /// How long a create that was not found must stay unfound before it is made again.
  private static let absencePeriod: Int64 = 600_000

  /// Finds out what became of creates whose answer was lost.
  func findOrphans(_ rest: inout Rest) async throws {
    for var shard in try ledger.openShards(ofStage: number) {
      switch shard.state {
      case .submitting: try await lookUp(&shard, &rest)
      case .unknown:
        rest.problems.append(.submissionUnknown(stage: stage.name, shard: shard.id))
      default: continue
      }
    }
  }

  private func lookUp(_ shard: inout ShardRecord, _ rest: inout Rest) async throws {
    let now = clock.milliseconds
    if let next = shard.nextPollAt, isAhead(next) {
      rest.wake(at: next)
      return
    }
    guard let since = shard.intentProviderAt else {
      _ = try ledger.move(&shard, .undecidable)
      rest.problems.append(.submissionUnknown(stage: stage.name, shard: shard.id))
      return
    }
    let listing = try await candidates(for: shard, since: since)
    let candidate = listing.batches.last { $0.marker != nil } ?? listing.batches.last
    settings.report(.lookedUp(stage: stage.name, shard: shard.id))
    if let candidate, candidate.marker != nil {
      try store(candidate, of: &shard, &rest)
    } else if let candidate {
      try take(candidate, as: &shard, &rest)
    } else if let absent = shard.absentSince, now - absent >= Self.absencePeriod,
      // A clock that was put forward must not make a minute ten.
      (listing.answer.now ?? .max) - since >= Self.absencePeriod
    {
      _ = try ledger.move(&shard, .absent) {
        $0.absentSince = nil
        $0.nextPollAt = nil
      }
      try accounts.endTurn(account: provider.account, pipeline: plan.name, remoteID: nil)
    } else {
      // A first look that lies ahead was noted before the clock was put back.
      shard.absentSince = min(shard.absentSince ?? now, now)
      let next = max((shard.absentSince ?? now) + Self.absencePeriod, now + 60_000)
      shard.nextPollAt = next
      try ledger.update(shard)
      rest.wake(at: next)
    }
  }

  /// The provider's batches that may be a shard's, newest first: made since the intent (its `Date` has whole
  /// seconds), with as many requests, and no other pipeline's of this state root.
  private func candidates(for shard: ShardRecord, since: Int64) async throws -> BatchPage {
    var page = try await provider.call { () throws(ProviderError) in
      try await provider.batches.list(createdSince: since / 1000 * 1000)
    }
    clock.hear(page.answer.sandboxNow)
    let known = try ledger.remoteIDs(provider: provider.name)
      .union(accounts.batches(account: provider.account))
    page.batches.removeAll { known.contains($0.id) || !isCandidate($0, for: shard) }
    return page
  }

  private func isCandidate(_ batch: BatchState, for shard: ShardRecord) -> Bool {
    switch provider.batches.adoption {
    case .marker: batch.marker == marker(of: shard)
    case .customIDs: batch.counts.total == shard.requestCount
    case .markerOrCustomIDs: batch.mayBe(marker(of: shard), of: shard.requestCount)
    }
  }

  /// Awaits a candidate; its custom_ids decide at its end. The account's turn goes on.
  private func take(
    _ candidate: BatchState, as shard: inout ShardRecord, _ rest: inout Rest
  ) throws {
    let now = clock.milliseconds
    _ = try ledger.move(&shard, .candidateFound) {
      $0.remoteID = candidate.id
      $0.submittedAt = $0.intentAt
      $0.remoteCreatedAt = candidate.createdAt
      $0.remoteExpiresAt = candidate.expiresAt
      $0.absentSince = nil
      $0.nextPollAt = candidate.isEnded ? now : PollPolicy().first(after: now)
    }
    try accounts.endTurn(account: provider.account, pipeline: plan.name, remoteID: candidate.id)
    rest.wake(at: shard.nextPollAt ?? now)
    settings.report(.adopted(stage: stage.name, shard: shard.id, batch: candidate.id))
  }

  /// Decides whether an ended candidate is the shard's: its results have exactly the shard's custom_ids.
  func verify(_ state: BatchState, _ shard: inout ShardRecord, _ rest: inout Rest) async throws {
    let file = try await download(state, of: shard)
    if try hasExactly(shard, file) {
      _ = try ledger.move(&shard, .candidateConfirmed) {
        $0.resultsFile = file
        $0.resultsURL = state.resultsURL
        $0.nextPollAt = nil
      }
      settings.report(.collected(stage: stage.name, shard: shard.id, batch: state.id))
      return
    }
    folder.remove(folder.file(file))
    _ = try ledger.move(&shard, .candidateDismissed) {
      $0.remoteID = nil
      $0.submittedAt = nil
      $0.nextPollAt = nil
    }
    rest.wake(at: clock.milliseconds)
  }

  private func hasExactly(_ shard: ShardRecord, _ file: String) throws -> Bool {
    var roster = try ledger.roster(of: [shard], customID: RequestKey.customIDHash)
    let source = JSONLSource(try ByteStream(path: folder.file(file)))
    while let record = try source.next() {
      guard let id = record.root.requestID else { return false }
      guard roster.take(RequestKey.hash(of: id)) != nil else { return false }
    }
    return roster.untaken.isEmpty
  }
}

extension BatchState {
  /// Whether it has a marker; or has none, its size is right or not told, and there is something to recognise it by.
  fileprivate func mayBe(_ wanted: String, of requestCount: Int) -> Bool {
    if let marker { return marker == wanted }
    if isEnded, failure != nil || files.output == nil && files.errors == nil { return false }
    return counts.total == 0 || counts.total == requestCount
  }
}

/// The custom_ids of keys, as the ledger's rosters hash them.
enum RequestKey {
  /// The hash of the custom_id of a key's request.
  static func customIDHash(_ key: UnsafeBufferPointer<UInt8>) -> ContentHash {
    if CustomID.isUsable(key) { return ContentHash(of: key) }
    var id = ByteBuffer(capacity: 64)
    CustomID.append(for: key, to: &id)
    return ContentHash(of: id.bytes)
  }

  /// The hash of a custom_id in a results row.
  static func hash(of id: JSONView) -> ContentHash {
    if !id.node.flags.contains(.needsDecoding) { return ContentHash(of: id.rawBytes) }
    var text = ByteBuffer(capacity: 64)
    id.appendText(to: &text)
    return ContentHash(of: text.bytes)
  }
}
