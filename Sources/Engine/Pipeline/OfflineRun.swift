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
      let lock = try await folder.lock()
      defer { withExtendedLifetime(lock) {} }
      try folder.make()
      let ledger = try RunLedger.open(of: plan, in: folder, now: settings.now())
      return try await body(ledger, try AccountBook.open(inRoot: folder.root))
    }
  }

  func stageRun(
    _ stage: StagePlan, _ ledger: RunLedger, _ accounts: AccountBook
  ) throws -> StageRun {
    StageRun(
      stage: stage, plan: plan, way: stage.way(settings.catalog), ledger: ledger,
      accounts: accounts, folder: folder, session: nil, clock: RunClock(machine: settings.now),
      settings: settings, number: try ledger.stageID(stage.name), readings: InvocationReadings())
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
      try folder.spoolStandardInput(of: plan, settings)
      try folder.makeParent(of: target + "/shard")
      var exported: [Exported] = []
      for stage in plan.stages {
        let run = try stageRun(stage, ledger, accounts)
        guard try stage.upstreams.allSatisfy({ try isSettled($0, ledger) }) else { continue }
        let export = try await export(run, to: target)
        if run.way != nil { exported.append(export) }
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
    if let way = run.way { try RequestShape.check(run.stage, way) }
    let plan = try run.planID()
    // What was taken back, or failed and is tried again, has no place in a file that leaves the machine.
    if run.way != nil { try run.ledger.rereadPending(ofStage: run.number) }
    let before = Set(try run.ledger.openShards(ofStage: run.number).map(\.id))
    let files = ShardFiles(
      folder: target, prefix: target + "/", stem: run.stage.name + "-", state: .exported)
    let reading = try StageReading(run, plan: plan, reask: .allowed, files: files)
    let (tally, counts) = try await reading.run(stamp: try run.readingStamp())
    let shards = try run.ledger.openShards(ofStage: run.number).filter { !before.contains($0.id) }
    return Exported(
      stage: run.stage.name, files: shards.map(\.file),
      requestCount: shards.reduce(0) { $0 + $1.requestCount }, tally: tally,
      counts: counts)
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
        outcomes.append((stage.name, try await write(merge, of: run)))
      }
      return outcomes
    }
  }

  private func write(_ merge: MergePlan, of run: StageRun) async throws -> MergeOutcome {
    let outcome = try await StageMerge(run, merge).write()
    try note(merge, of: run)
    return outcome
  }

  /// Stores that an output is written when all that it shows is answered or rejected.
  private func note(_ merge: MergePlan, of run: StageRun) throws {
    guard try run.balancedCounts().pending == 0 else { return }
    for stage in merge.combined where try !isSettled(stage, run.ledger) { return }
    try run.recordMerge(merge)
  }
}
