internal import Ledger
internal import Pipelines
internal import Records

extension OfflineRun {
  /// What an import applied.
  public struct Imported: Sendable {
    /// The file.
    public let file: String
    /// Rows with a good answer.
    public var accepted = 0
    /// Rows without one.
    public var failed = 0
    /// Rows of requests whose row came before, in this file or another; they were not used.
    public var appliedBefore = 0
    /// Rows whose custom_id this ledger did not issue; they were not used.
    public var strays = 0
    /// Lines that are no rows.
    public var unreadable = UnreadableLines()
    /// Requests that several stages made under one custom_id; their rows were not used, since it cannot be told whose
    /// they are.
    public var ambiguous = 0
    /// Whether exported requests waited that this file may answer. None do when it was imported before they were
    /// exported.
    public var hadQuestions = false
  }

  /// A stage whose exported requests a file may answer.
  private struct Addressee {
    let run: StageRun
    let shards: [ShardRecord]

    /// Who waits for a row here.
    ///
    /// - Throws: `LedgerError`.
    func roster() throws -> ShardRoster {
      try run.ledger.roster(of: shards, customID: RequestKey.customIDHash)
    }
  }

  /// Applies results files made elsewhere for exported shards.
  ///
  /// - Parameters:
  ///   - files: Results as the provider writes them, one row a line; order and grouping do not matter.
  ///   - stage: The stage they are of; all stages when nil, whose rows are then told apart by their custom_ids.
  /// - Returns: What each file brought.
  /// - Throws: `RunError`; files before the failing one are applied.
  public func importResults(
    _ files: [String], of stage: String? = nil
  ) async throws(RunError) -> [Imported] {
    try await locked { ledger, accounts in
      var imported: [Imported] = []
      for file in files {
        imported.append(try await importFile(file, of: stage, ledger, accounts))
      }
      return imported
    }
  }

  /// Keeps a file and applies it. Where one stage alone may be meant, both go on at one time.
  private func importFile(
    _ file: String, of stage: String?, _ ledger: RunLedger, _ accounts: AccountBook
  ) async throws -> Imported {
    let kept = try KeptResults(file, in: folder)
    let possible = try addressees(stage, of: nil, ledger, accounts)
    guard possible.count == 1 else {
      return try await apply(file, as: try kept.keep(), of: stage, ledger, accounts)
    }
    do {
      let results = ResultsFile(possible[0].run, keeping: kept)
      return try await apply(file, to: possible) { _ in results }
    } catch let known as ResultsFile.AppliedBefore {
      return try await apply(file, as: known.name, of: stage, ledger, accounts)
    }
  }

  /// Applies a file that is kept.
  private func apply(
    _ file: String, as kept: String, of stage: String?, _ ledger: RunLedger,
    _ accounts: AccountBook
  ) async throws -> Imported {
    let addressees = try addressees(stage, of: kept, ledger, accounts)
    var result = try await apply(file, to: addressees) {
      ResultsFile($0, path: folder.file(kept), shown: kept)
    }
    if addressees.isEmpty { result.strays = try ResultsFile.rowCount(of: folder.file(kept)) }
    return result
  }

  /// The stages whose exported requests a kept file may answer; nil for a file that was never applied.
  private func addressees(
    _ stage: String?, of file: String?, _ ledger: RunLedger, _ accounts: AccountBook
  ) throws -> [Addressee] {
    var found: [Addressee] = []
    for plan in plan.stages where stage == nil || plan.name == stage {
      if let addressee = try addressee(plan, of: file, ledger, accounts) { found.append(addressee) }
    }
    return found
  }

  private func addressee(
    _ stage: StagePlan, of file: String?, _ ledger: RunLedger, _ accounts: AccountBook
  ) throws -> Addressee? {
    let run = try stageRun(stage, ledger, accounts)
    let shards = try ledger.exportedShards(ofStage: run.number, answeredBy: file)
    guard !shards.isEmpty else { return nil }
    return Addressee(run: run, shards: shards)
  }

  private func apply(
    _ file: String, to addressees: [Addressee], as results: (StageRun) -> ResultsFile
  ) async throws -> Imported {
    var result = Imported(file: file)
    var strays: Int?
    // Of several, each takes only what the others do not wait for.
    let rosters = addressees.count < 2 ? [] : try addressees.map { try $0.roster() }
    for (position, addressee) in addressees.enumerated() {
      let run = addressee.run
      let before = try run.ledger.allShards(ofStage: run.number).map(\.outcome)
      let settler = try await results(run).apply(to: addressee.shards, partial: .yes) {
        try rosters.isEmpty ? addressee.roster() : rosters.only(at: position)
      }
      let unused = settler.unused
      // A row is a stray only when it is one to every stage.
      let unknown = unused.count - unused.unreadable.count
      strays = min(strays ?? unknown, unknown)
      result.unreadable = unused.unreadable
      result.appliedBefore += try run.ledger.decidedCount(
        of: unused.customIDs, ofStage: run.number, customID: RequestKey.customIDHash)
      let after = try run.ledger.allShards(ofStage: run.number).map(\.outcome)
      result.accepted += after.total(\.accepted) - before.total(\.accepted)
      result.failed += after.total(\.failed) - before.total(\.failed)
      result.ambiguous = max(result.ambiguous, settler.ambiguousCount)
      try run.report()
    }
    result.hadQuestions = !addressees.isEmpty
    result.appliedBefore = min(result.appliedBefore, strays ?? 0)
    result.strays = (strays ?? 0) - result.appliedBefore
    return result
  }
}

extension [ShardOutcome] {
  fileprivate func total(_ count: KeyPath<ShardOutcome, Int>) -> Int {
    reduce(0) { $0 + $1[keyPath: count] }
  }
}

extension [ShardRoster] {
  /// One of them, without those that wait in another one, too.
  fileprivate func only(at position: Int) -> ShardRoster {
    var roster = self[position]
    for (other, rival) in enumerated() where other != position {
      roster.leaveOut(sharedWith: rival)
    }
    return roster
  }
}
