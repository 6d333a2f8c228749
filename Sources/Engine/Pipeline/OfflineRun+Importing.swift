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
    /// Rows whose custom_id this ledger did not issue, or that came twice; they were not used.
    public var strays = 0
    /// Requests that several stages made under one custom_id; their rows were not used, since it cannot be told whose
    /// they are.
    public var ambiguous = 0
    /// Whether exported requests waited that this file may answer. None do when it was imported before they were
    /// exported.
    public var hadQuestions = false
  }

  /// A stage whose exported requests a file may answer.
  private final class Addressee {
    let run: StageRun
    let shards: [ShardRecord]
    private var roster: ShardRoster?

    init(_ run: StageRun, _ shards: [ShardRecord]) throws {
      self.run = run
      self.shards = shards
      roster = try run.ledger.roster(of: shards, customID: RequestKey.customIDHash)
    }

    /// Who waits for a row here and nowhere else. Where there are no rivals the roster is given away: it is large.
    func takeRoster(besides rivals: [Addressee]) -> ShardRoster {
      guard var taken = roster else { preconditionFailure("a roster is given away once") }
      if rivals.isEmpty { roster = nil }
      for rival in rivals {
        if let other = rival.roster { taken.leaveOut(sharedWith: other) }
      }
      return taken
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
        let kept = try keep(file)
        let addressees = try plan.stages.filter { stage == nil || $0.name == stage }.compactMap {
          try addressee($0, of: kept, ledger, accounts)
        }
        imported.append(try await apply(file, as: kept, to: addressees))
      }
      return imported
    }
  }

  private func addressee(
    _ stage: StagePlan, of file: String, _ ledger: RunLedger, _ accounts: AccountBook
  ) throws -> Addressee? {
    let run = try stageRun(stage, ledger, accounts)
    let shards = try ledger.exportedShards(ofStage: run.number, answeredBy: file)
    guard !shards.isEmpty else { return nil }
    return try Addressee(run, shards)
  }

  private func apply(
    _ file: String, as kept: String, to addressees: [Addressee]
  ) async throws -> Imported {
    var result = Imported(file: file)
    var strays: Int?
    for addressee in addressees {
      let roster = addressee.takeRoster(besides: addressees.filter { $0 !== addressee })
      let ambiguous = roster.ambiguousCount
      let run = addressee.run
      let before = try run.ledger.allShards(ofStage: run.number).map(\.outcome)
      let results = ResultsFile(run, path: folder.file(kept), shown: kept)
      let unknown = try await results.apply(to: addressee.shards, partial: .yes, consume roster)
      // A row is a stray only when it is one to every stage.
      strays = min(strays ?? unknown, unknown)
      let after = try run.ledger.allShards(ofStage: run.number).map(\.outcome)
      result.accepted += after.total(\.accepted) - before.total(\.accepted)
      result.failed += after.total(\.failed) - before.total(\.failed)
      result.ambiguous = max(result.ambiguous, ambiguous)
      try run.report()
    }
    result.hadQuestions = !addressees.isEmpty
    result.strays = try strays ?? ResultsFile.rowCount(of: folder.file(kept))
    return result
  }

  /// Copies a results file (unpacked, if it is gzip) into the state folder, since answers point into it. Its name follows
  /// from what it holds: the same results are the same file, wherever and whenever they are imported from.
  private func keep(_ file: String) throws -> String {
    let incoming = folder.file("results/import.jsonl")
    let spooled = try FileSpool.copy(ByteStream(path: file), to: incoming)
    let name = "results/import-\(spooled.content.hexadecimal.prefix(16)).jsonl"
    if folder.has(folder.file(name)) {
      folder.remove(incoming)
    } else {
      try folder.adopt(incoming, as: folder.file(name))
    }
    return name
  }
}

extension [ShardOutcome] {
  fileprivate func total(_ count: KeyPath<ShardOutcome, Int>) -> Int {
    reduce(0) { $0 + $1[keyPath: count] }
  }
}
