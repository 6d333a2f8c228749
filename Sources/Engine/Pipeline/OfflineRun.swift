public import Ledger
public import Pipelines
internal import Providers
internal import Records

/// Works on a pipeline's ledger without calling a provider: exporting shards, importing results, merging.
public struct OfflineRun: Sendable {
  let plan: PipelinePlan
  let settings: RunSettings
  let folder: StateFolder

  /// What an export wrote for one stage.
  public struct Exported: Sendable {
    /// The stage.
    public let stage: String
    /// The files, in order.
    public let files: [String]
    /// The requests in them.
    public let requestCount: Int
    /// What the reading behind it changed.
    public let tally: ReadingTally
    /// The counts after it.
    public let counts: StageCounts
  }

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
  }

  /// Prepares; nothing is opened yet.
  public init(_ plan: PipelinePlan, _ settings: RunSettings) {
    self.plan = plan
    self.settings = settings
    folder = StateFolder(root: settings.stateRoot, pipeline: plan.name)
  }

  /// Does work under the pipeline's lock, waiting for it up to 30 s.
  ///
  /// - Throws: `RunError`.
  func locked<Value>(
    _ body: (RunLedger, AccountBook) async throws -> Value
  ) async throws(RunError) -> Value {
    try await RunError.typed {
      let lock = try await waitForLock()
      defer { withExtendedLifetime(lock) {} }
      try folder.make()
      let ledger = try RunLedger.open(of: plan, in: folder, now: settings.now())
      return try await body(ledger, try AccountBook.open(inRoot: folder.root))
    }
  }

  private func waitForLock() async throws -> PipelineLock {
    for _ in 0..<300 {
      if let lock = try PipelineLock.acquire(inFolder: folder.path) { return lock }
      try await Task.sleep(for: .milliseconds(100))
    }
    throw LedgerError(
      .locked, operation: "waiting for the pipeline", path: folder.path,
      sentence: "another process works on this pipeline", hint: "try again when it has ended")
  }

  func stageRun(
    _ stage: StagePlan, _ ledger: RunLedger, _ accounts: AccountBook
  ) throws -> StageRun {
    StageRun(
      stage: stage, plan: plan, asking: Asking(stage, catalog: settings.catalog), ledger: ledger,
      accounts: accounts, folder: folder, session: nil, clock: RunClock(machine: settings.now),
      settings: settings, number: try ledger.stageID(stage.name))
  }

  /// Reads the sources and writes the shards of everything that is to be sent into a folder, marked as exported.
  ///
  /// Stages above that are not settled leave the stages below for a later export.
  ///
  /// - Parameter target: The folder, made if it is not there.
  /// - Returns: What was written, by stage.
  /// - Throws: `RunError`; what was complete by then is exported.
  public func export(to target: String) async throws(RunError) -> [Exported] {
    try await locked { ledger, accounts in
      try folder.makeParent(of: target + "/shard")
      var exported: [Exported] = []
      for stage in plan.stages {
        let run = try stageRun(stage, ledger, accounts)
        if let upstream = stage.source.upstream, try !isSettled(upstream, ledger) { continue }
        exported.append(try await export(run, to: target))
      }
      return exported
    }
  }

  private func isSettled(_ stage: String, _ ledger: RunLedger) throws -> Bool {
    guard let record = try ledger.stage(named: stage), record.readingStamp != nil else {
      return false
    }
    return try ledger.counts(ofStage: record.id).pending == 0
  }

  private func export(_ run: StageRun, to target: String) async throws -> Exported {
    try RequestShape.check(run.stage, run.asking)
    let plan = try run.ledger.planID(
      hash: run.asking.identity.hash, description: run.asking.identity.text)
    let before = Set(try run.ledger.openShards(ofStage: run.number).map(\.id))
    let files = ShardFiles(
      folder: target, prefix: target + "/", stem: run.stage.name + "-", state: .exported)
    let reading = StageReading(run, plan: plan, reask: .allowed, files: files)
    let tally = try await reading.run(stamp: try run.readingStamp())
    let shards = try run.ledger.openShards(ofStage: run.number).filter { !before.contains($0.id) }
    return Exported(
      stage: run.stage.name, files: shards.map(\.file),
      requestCount: shards.reduce(0) { $0 + $1.requestCount }, tally: tally,
      counts: try run.balancedCounts())
  }

  /// Takes exported requests back: the next run sends them itself.
  ///
  /// - Returns: How many requests were taken back.
  /// - Throws: `RunError`.
  public func discardExports() async throws(RunError) -> Int {
    try await locked { ledger, _ in
      var count = 0
      for var shard in try ledger.openShards() where shard.state == .exported {
        count += shard.requestCount
        _ = try ledger.move(&shard, .discard)
      }
      return count
    }
  }

  /// Applies results files made elsewhere for exported shards.
  ///
  /// - Parameter files: Results as the provider writes them, one row a line; order and grouping do not matter.
  /// - Returns: What each file brought.
  /// - Throws: `RunError`; files before the failing one are applied.
  public func importResults(_ files: [String]) async throws(RunError) -> [Imported] {
    try await locked { ledger, accounts in
      var imported: [Imported] = []
      for file in files { imported.append(try await apply(file, ledger, accounts)) }
      return imported
    }
  }

  private func apply(
    _ file: String, _ ledger: RunLedger, _ accounts: AccountBook
  ) async throws -> Imported {
    var result = Imported(file: file)
    var strays: Int?
    let kept = try keep(file)
    for stage in plan.stages {
      let run = try stageRun(stage, ledger, accounts)
      let shards = try ledger.openShards(ofStage: run.number).filter { $0.state == .exported }
      guard !shards.isEmpty else { continue }
      let before = try ledger.allShards(ofStage: run.number).map(\.outcome)
      let results = ResultsFile(run, path: folder.file(kept), shown: kept)
      let unknown = try await results.apply(to: shards, partial: .yes)
      // A row is a stray only when it is one to every stage.
      strays = min(strays ?? unknown, unknown)
      let after = try ledger.allShards(ofStage: run.number).map(\.outcome)
      result.accepted += after.total(\.accepted) - before.total(\.accepted)
      result.failed += after.total(\.failed) - before.total(\.failed)
      try run.report()
    }
    result.strays = strays ?? 0
    return result
  }

  /// Copies a results file (unpacked, if it is gzip) into the state folder, since answers point into it.
  private func keep(_ file: String) throws -> String {
    let stamp = ContentHash(of: try SourceStamp(path: file).description).hexadecimal.prefix(16)
    let name = "results/import-\(stamp).jsonl"
    guard !folder.has(folder.file(name)) else { return name }
    _ = try StandardInputSpool.copy(ByteStream(path: file), to: folder.file(name))
    return name
  }

  /// Writes the outputs from what is accepted so far.
  ///
  /// - Parameter stages: Only these; all that have an output when empty.
  /// - Returns: What was written.
  /// - Throws: `RunError`; outputs written by then stay.
  public func merge(stages: [String] = []) async throws(RunError) -> [(stage: String, MergeOutcome)]
  {
    try await locked { ledger, accounts in
      var outcomes: [(stage: String, MergeOutcome)] = []
      for stage in plan.stages where stages.isEmpty || stages.contains(stage.name) {
        guard let merge = stage.merge else { continue }
        let run = try stageRun(stage, ledger, accounts)
        let outcome = try StageMerge(run, merge).write()
        if try run.balancedCounts().pending == 0 { try run.recordMerge(merge) }
        outcomes.append((stage.name, outcome))
      }
      return outcomes
    }
  }
}

extension [ShardOutcome] {
  fileprivate func total(_ count: KeyPath<ShardOutcome, Int>) -> Int {
    reduce(0) { $0 + $1[keyPath: count] }
  }
}
