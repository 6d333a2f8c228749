internal import Ledger
public import Pipelines
internal import Providers
internal import Records

/// Carries out a pipeline. It always goes on from where the ledger says; starting and resuming are the same.
public struct PipelineRun: Sendable {
  /// How a run ended, or where it stands.
  public struct Ending: Sendable {
    /// The exit status of the command.
    public var status: ExitStatus
    /// What a person must look at, in the order of the stages.
    public var problems: [RunError] = []
    /// Answers that were not asked for again because that was not allowed.
    public var withheld = Reask.none
    /// How every stage stands.
    public var stages: [StageStanding] = []
    /// The run that goes on or has just ended; nil when nothing was to be sent.
    public var run: RunStanding?
    /// Since when the pipeline is on hold, in UTC milliseconds.
    public var heldSince: Int64?
    /// Whether another process runs this pipeline; then nothing was done.
    public var isRunningElsewhere = false
    /// When there is something to do next, by the run's clock; nil when there is not.
    public var wakeAt: Int64?

    /// An ending with a status.
    public init(_ status: ExitStatus) { self.status = status }
  }

  /// Whether a run waits for what it sent.
  public enum Patience: Sendable {
    /// Advances as far as possible and ends: the form for cron.
    case once
    /// Goes on until nothing is left to do.
    case untilDone
  }

  let plan: PipelinePlan
  let settings: RunSettings
  let folder: StateFolder
  let providers: [String: ProviderSession]
  /// The sessions of stages that send headers of their own.
  let stageSessions: [String: ProviderSession]
  let clock: RunClock

  /// Prepares a run: finds the keys, and asks endpoints whose address was overridden whether they are a
  /// sandbox; a sandbox's answers go to a state and to outputs of their own.
  ///
  /// - Throws: `RunError`: a missing key, an endpoint that is no URL or not reachable.
  public init(_ plan: PipelinePlan, _ settings: RunSettings) async throws(RunError) {
    let connection = try await RunError.typed { try await Connection(plan, settings) }
    providers = connection.providers
    stageSessions = connection.stages
    clock = connection.clock
    self.plan = connection.isSandbox ? plan.sandboxed() : plan
    self.settings = settings
    folder = StateFolder(root: settings.stateRoot, pipeline: self.plan.name)
  }

  /// Carries the pipeline out.
  ///
  /// - Returns: How it ended.
  /// - Throws: `RunError` when it cannot go on now. Everything up to then is kept.
  public func run(_ patience: Patience) async throws(RunError) -> Ending {
    try await RunError.typed {
      try folder.spoolStandardInput(of: plan, settings)
      let ending = try await loop(patience)
      // The built-in sandbox's time stands still between runs: leave it where the next run has something to do.
      if settings.sandboxKey != nil, let wake = ending.wakeAt {
        try await clock.sleep(until: RunClock.Instant(milliseconds: wake))
      }
      return ending
    }
  }

  private func loop(_ patience: Patience) async throws -> Ending {
    let readings = InvocationReadings()
    while true {
      let ending = try await tick(readings)
      guard patience == .untilDone, let wake = ending.wakeAt, ending.heldSince == nil,
        !ending.isRunningElsewhere
      else { return ending }
      settings.report(.waiting(until: wake, now: clock.milliseconds))
      try await clock.sleep(until: RunClock.Instant(milliseconds: wake))
    }
  }

  /// Takes the lock, advances every stage as far as it goes, and lets go of the lock.
  private func tick(_ readings: InvocationReadings) async throws -> Ending {
    // A process that is being started may hold the lock's descriptor for a moment.
    guard let lock = try await folder.lock(waiting: .milliseconds(500)) else {
      var ending = Ending(.ok)
      ending.isRunningElsewhere = true
      return ending
    }
    defer { withExtendedLifetime(lock) {} }
    try folder.make()
    let ledger = try openLedger()
    let accounts = try AccountBook.open(inRoot: folder.root)
    var ending = Ending(.ok)
    ending.heldSince = try ledger.heldSince()
    var settled: Set<String> = []
    for stage in plan.stages {
      let run = try stageRun(stage, ledger, accounts, readings)
      let rest = try await run.advance(
        extent(of: stage, settled, isHeld: ending.heldSince != nil))
      if rest.isSettled { settled.insert(stage.name) }
      ending.problems += rest.problems
      ending.withheld = ending.withheld + rest.withheld
      ending.wakeAt = [ending.wakeAt, rest.wakeAt].compactMap(\.self).min()
    }
    if ending.heldSince == nil {
      for stage in plan.stages where stage.merge?.combined.isEmpty == false {
        guard settings.selection.has(stage.name, of: plan),
          ([stage.name] + (stage.merge?.combined ?? [])).allSatisfy(settled.contains)
        else { continue }
        try await stageRun(stage, ledger, accounts, readings).merge()
      }
    }
    try conclude(&ending, ledger, isSettled: settled.count == plan.stages.count)
    return ending
  }

  func openLedger() throws(LedgerError) -> RunLedger {
    let ledger = try RunLedger.open(of: plan, in: folder, now: settings.now())
    for provider in providers.values {
      try ledger.bindEndpoint(
        provider: provider.name, kind: provider.kind, origin: provider.ledgerOrigin)
    }
    return ledger
  }

  func stageRun(
    _ stage: StagePlan, _ ledger: RunLedger, _ accounts: AccountBook,
    _ readings: InvocationReadings
  ) throws -> StageRun {
    let way = stage.way(settings.catalog)
    let provider = way.flatMap { _ in
      stageSessions[stage.name] ?? providers[stage.load.provider.name]
    }
    precondition(way == nil || provider != nil, "a plan names every provider its stages use")
    return StageRun(
      stage: stage, plan: plan, way: way, ledger: ledger, accounts: accounts, folder: folder,
      session: provider, clock: clock, settings: settings,
      number: try ledger.stageID(stage.name), readings: readings)
  }

  private func extent(
    of stage: StagePlan, _ settled: Set<String>, isHeld: Bool
  ) -> StageRun.Extent {
    if isHeld || !settings.selection.has(stage.name, of: plan) { return .collectingOnly }
    if stage.upstreams.allSatisfy(settled.contains) { return .everything }
    return plan.mayBeginEarly(stage, settled: settled) ? .early : .withoutReading
  }

  private func conclude(_ ending: inout Ending, _ ledger: RunLedger, isSettled: Bool) throws {
    for stage in plan.stages {
      let number = try ledger.stageID(stage.name)
      ending.stages.append(
        try StageStanding.of(stage, number: number, in: ledger, cachesOf: settings.catalog))
    }
    try concludeRun(&ending, ledger, isSettled: isSettled)
    if !ending.problems.isEmpty || ending.withheld.count > 0 {
      ending.status = .decisionNeeded
    } else if isSettled {
      let read = ending.stages.reduce(0) { $0 + $1.counts.accepted + $1.counts.rejected }
      let rejected = ending.stages.reduce(0) { $0 + $1.counts.rejected }
      if plan.maxRejected.isExceeded(by: rejected, of: read) { ending.status = .tooManyRejected }
    }
  }
}
