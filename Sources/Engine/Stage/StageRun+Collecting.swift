internal import Ledger
internal import Pipelines
internal import Providers
internal import Records

extension StageRun {
  /// Downloads the results of batches that are over, and applies them.
  func collect(_ rest: inout Rest) async throws {
    for var shard in try ledger.openShards(ofStage: number) where shard.state == .ended {
      try Task.checkCancellation()
      do {
        let file = try await store(shard)
        _ = try ledger.move(&shard, .resultsStored) { $0.resultsFile = file }
      } catch {
        rest.problems.append(try decision(on: error, shard))
      }
    }
    for shard in try ledger.openShards(ofStage: number) where shard.state == .collected {
      try await apply(shard)
    }
  }

  /// What a person must decide when results cannot be had.
  ///
  /// - Throws: The error, when it may pass.
  private func decision(on error: any Error, _ shard: ShardRecord) throws -> RunError {
    guard let refusal = error as? ProviderError, let id = shard.remoteID else { throw error }
    if refusal.isResultsGone {
      return .resultsGone(stage: stage.name, shard: shard.id, batch: id)
    }
    guard refusal.isNotFound else { throw error }
    return .batchUnknown(stage: stage.name, shard: shard.id, batch: id)
  }

  /// - Returns: The file's name in the state folder.
  private func store(_ shard: ShardRecord) async throws -> String {
    guard let id = shard.remoteID else { preconditionFailure("an ended shard has a batch") }
    let created = shard.remoteCreatedAt
    let state = try await provider.call { () throws(ProviderError) in
      try await provider.batches.retrieve(id, createdAt: created)
    }
    let file = try await download(state, of: shard)
    settings.report(.collected(stage: stage.name, shard: shard.id, batch: id))
    return file
  }

  /// Downloads a batch's results whole, or not at all.
  ///
  /// A stream that ends too early, but properly, is known by its rows: those that are lacking have been paid for, so
  /// the file is fetched again before they count as missing.
  ///
  /// - Returns: The file's name in the state folder.
  func download(_ state: BatchState, of shard: ShardRecord) async throws -> String {
    let name = "results/shard-\(shard.id).jsonl"
    let temporary = folder.file(name + ".part")
    if let failure = state.failure {
      try NoRows(of: shard, in: folder).write(to: temporary) { failure.fate(ofLine: $0) }
      try folder.adopt(temporary, as: folder.file(name))
      tell(failure, of: state.id)
      return name
    }
    let announced = state.counts.succeeded + state.counts.errored
    for isLast in [false, false, true] {
      let answer = try await provider.call { () throws(ProviderError) in
        try await provider.batches.results(of: state, to: temporary)
      }
      clock.hear(answer.answer.sandboxNow)
      let count = try ResultsFile.rowCount(of: temporary)
      if count >= announced || isLast { break }
      settings.report(
        .warning(
          stage: stage.name,
          "the results of \(state.id) came with \(count) of \(announced) rows; fetching them again")
      )
    }
    switch state.end {
    case .complete: break
    case .expired: try NoRows(of: shard, in: folder).append(to: temporary, .expired)
    case .canceled: try NoRows(of: shard, in: folder).append(to: temporary, .canceled)
    }
    try folder.adopt(temporary, as: folder.file(name))
    return name
  }

  private func tell(_ failure: BatchFailure, of batch: String) {
    let words = failure.problems.prefix(3).map { problem in
      problem.line.map { "line \($0): \(problem.message)" } ?? problem.message
    }
    settings.report(
      .warning(
        stage: stage.name,
        "the provider refused batch \(batch), at no cost: \(words.joined(separator: "; "))"))
  }

  /// Applies a results file: every row judged, all in one transaction.
  func apply(_ shard: ShardRecord) async throws {
    guard let file = shard.resultsFile else { preconditionFailure("a collected shard has results") }
    let results = ResultsFile(self, path: folder.file(file), shown: file)
    try await results.apply(to: [shard], partial: .no)
    let settled = try ledger.shard(shard.id)
    settings.report(
      .applied(stage: stage.name, shard: shard.id, settled?.outcome ?? ShardOutcome()))
    folder.remove(
      folder.file(shard.file), unlessNeededFor: try ledger.pendingCount(ofStage: number))
    try report()
  }
}

extension StateFolder {
  /// Removes a shard's file when nothing is left to be asked again from it.
  fileprivate func remove(_ file: String, unlessNeededFor pending: Int) {
    if pending == 0 { remove(file) }
  }
}
