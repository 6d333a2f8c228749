public import Ledger
internal import Pipelines
internal import Providers
internal import Records

/// Carries out one stage, as far as it goes now.
///
/// A value of one advance: what it knows is in the ledger, nothing is remembered in between.
struct StageRun {
  let stage: StagePlan
  let plan: PipelinePlan
  /// How it asks; nil for a stage that asks nobody.
  let way: Asking?
  let ledger: RunLedger
  let accounts: AccountBook
  let folder: StateFolder
  /// The provider's calls; nil when a command works without them.
  let session: ProviderSession?
  let clock: RunClock
  let settings: RunSettings
  /// The stage's number in the ledger.
  let number: Int64
  /// What this invocation has read already.
  let readings: InvocationReadings

  /// How it asks.
  var asking: Asking {
    guard let way else { preconditionFailure("a stage that asks nobody sends nothing") }
    return way
  }

  /// The provider's calls.
  var provider: ProviderSession {
    guard let session else { preconditionFailure("only a connected run calls the provider") }
    return session
  }

  /// What is left to do.
  struct Rest {
    /// When there is something to do next, by the run's clock; nil when there is not.
    var wakeAt: Int64?
    /// What a person must decide.
    var problems: [RunError] = []
    /// Whether answers that were accepted before would have to be asked again, and that was not allowed.
    var withheld = Reask.none
    /// Whether nothing is pending.
    var isSettled = false
  }

  /// What an advance may do.
  enum Extent: Sendable {
    /// Everything.
    case everything
    /// Everything but ending: the stage above is not settled; what it is done with is read when it is worth a batch.
    case early
    /// Everything but reading the source: the stage above is not settled.
    case withoutReading
    /// Only what brings in what was sent: the pipeline is on hold.
    case collectingOnly
  }

  /// Reads, renders, admits and packs; finds out about orphans; asks after batches; collects and judges what is
  /// over; packs again what is to be repeated; submits; merges.
  func advance(_ extent: Extent) async throws -> Rest {
    var rest = Rest()
    if way != nil { try settleInterrupted() }
    try judgeAgain()
    if extent == .everything { rest.withheld = try await read() }
    if extent == .early { rest.withheld = try await readEarly(&rest) }
    if way != nil { try await exchange(extent, &rest) }
    let counts = try balancedCounts()
    let wasRead =
      try ledger.stage(named: stage.name)?.readingStamp != nil || rest.withheld.count > 0
    rest.isSettled = wasRead && counts.pending == 0 && extent != .early
    if rest.isSettled, extent == .everything, stage.merge?.combined.isEmpty == true {
      try await merge()
    }
    try report()
    return rest
  }

  /// Brings in what is over, and sends what there is to send.
  private func exchange(_ extent: Extent, _ rest: inout Rest) async throws {
    do {
      try await findOrphans(&rest)
      try await poll(&rest)
      try await collect(&rest)
    } catch {
      // Results that cannot be had for weeks are told of while there is time.
      try watchRetention()
      throw error
    }
    try declareInFlight()
    try await deleteCollected()
    try watchRetention()
    if extent != .collectingOnly {
      try await send(extent, &rest)
    }
  }

  /// Packs again and submits. What is asked one by one is answered by then, so it goes on until nothing is left to ask.
  private func send(_ extent: Extent, _ rest: inout Rest) async throws {
    let before = rest.problems
    var hasAsked = true
    while hasAsked {
      rest.problems = before
      try await packAgain()
      // What came in, or is not on disk any more, may leave records that only another reading can decide about.
      if extent == .everything { rest.withheld = try await read() }
      hasAsked = try await submit(&rest)
    }
  }

  /// The stage's counts; `known` where they were counted already.
  ///
  /// - Throws: `RunError.unbalanced` when they do not add up, which is a bug.
  func balancedCounts(known: StageCounts? = nil) throws -> StageCounts {
    let counts = try known ?? ledger.counts(ofStage: number)
    guard counts.isBalanced else {
      throw RunError.unbalanced(stage: stage.name, counts: counts.sentence)
    }
    return counts
  }

  /// Tells how the stage stands.
  func report() throws {
    settings.report(.standing(try standing()))
  }

  private func standing() throws -> StageStanding {
    try StageStanding.of(stage, number: number, in: ledger)
  }
}

extension StageStanding {
  /// How a stage stands in a ledger, with what the provider's cache did, which is added up from all its attempts.
  static func of(
    _ stage: StagePlan, number: Int64, in ledger: RunLedger, cachesOf catalogs: Catalogs
  ) throws -> StageStanding {
    var standing = try of(stage, number: number, in: ledger)
    standing.cache = try CacheBalance(stage, number: number, in: ledger, catalogs)
    return standing
  }

  /// How a stage stands in a ledger.
  static func of(_ stage: StagePlan, number: Int64, in ledger: RunLedger) throws -> StageStanding {
    let shards = try ledger.openShards(ofStage: number)
    let inFlight = shards.filter {
      [.submitted, .adopting, .submitting, .ended].contains($0.state)
    }
    let counts = try ledger.counts(ofStage: number)
    let record = try ledger.stage(named: stage.name)
    let isMerged = stage.merge == nil || record?.mergedStamp != nil
    var standing = StageStanding(
      stage: stage.name, counts: counts, batchesInFlight: inFlight.count,
      requestsInFlight: inFlight.reduce(0) { $0 + $1.requestCount },
      shardsWaiting: shards.filter { $0.state == .packed }.count,
      oldestSubmittedAt: inFlight.compactMap(\.submittedAt).min(),
      nextPollAt: inFlight.compactMap(\.nextPollAt).min(),
      cost: Money(nanodollars: try ledger.cost(ofStage: number)),
      isComplete: counts.pending == 0 && record?.readingStamp != nil && isMerged)
    standing.leftOut = record?.leftOut
    return standing
  }
}

extension StageCounts {
  /// The counts as a line for people.
  public var sentence: String {
    let parts: [(Int, String)] = [
      (accepted, "accepted"), (rejected, "rejected"), (pending, "pending"), (filtered, "filtered"),
      (skipped, "skipped"), (duplicate, "duplicate"),
    ]
    let shown = parts.filter { $0.0 > 0 || $0.1 == "accepted" }.map { "\($0.0) \($0.1)" }
    return "\(read) read = \(shown.joined(separator: " + "))"
  }
}
