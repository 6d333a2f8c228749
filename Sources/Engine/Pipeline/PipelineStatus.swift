public import Ledger
public import Pipelines

/// Where a pipeline stands, from its ledger alone: nothing is locked, nobody is called.
public struct PipelineStatus: Sendable {
  /// The pipeline's name.
  public let name: String
  /// Since when it is on hold, in UTC milliseconds.
  public let heldSince: Int64?
  /// Its stages, in the order of the plan.
  public let stages: [StageStanding]
  /// How many answers were accepted after a repair, by stage; stages without any are not in it.
  public let repaired: [String: Int]
  /// Its batches that are not settled.
  public let batches: [Batch]
  /// What the last run spent and set aside, ended or not; nil before the first.
  public let run: RunStanding?
  /// How the last run ended, if not well; nil too while nobody noted it.
  public let lastTrouble: RunTrouble?
  /// Whether more records were rejected than the pipeline allows.
  public let hasTooManyRejected: Bool

  /// What flows from a source or a stage into a stage, as of its last reading.
  public struct Edge: Sendable {
    /// The stage that is read; nil for a source.
    public let from: String?
    /// What is read, for people: a stage's name or a file's.
    public let name: String
    /// The stage that reads.
    public let into: String
    /// What it does with the records, as the keys are called: `where`, `each`, `split`, `group`, `join`.
    public let by: [String]
    /// Accepted answers of the stage that is read; nil for a source.
    public let answered: Int?
    /// Its records that wait for an answer; nil for a source.
    public let pending: Int?
    /// The reading stage's counts.
    public let counts: StageCounts
    /// Whether this is the stage's other side: what `join` looks up.
    public let isLookup: Bool
  }

  /// The edges of the stages, in the order of the plan.
  public let edges: [Edge]

  /// A shard that is not settled.
  public struct Batch: Sendable {
    /// The stage.
    public let stage: String
    /// The shard.
    public let shard: ShardRecord
  }

  /// Reads where a pipeline stands.
  ///
  /// - Parameters:
  ///   - plan: The pipeline; sandboxed, its sandbox's state is looked at.
  ///   - settings: Only the state root and the catalogue count.
  /// - Throws: `RunError`; also when it has never run.
  public init(_ plan: PipelinePlan, _ settings: RunSettings) async throws(RunError) {
    let folder = StateFolder(root: settings.stateRoot, pipeline: plan.name)
    let read = try await RunError.typed {
      let ledger = try RunLedger.openForReading(inFolder: folder.path)
      var stages: [StageStanding] = []
      var batches: [Batch] = []
      for stage in plan.stages {
        guard let record = try ledger.stage(named: stage.name) else { continue }
        stages.append(
          try StageStanding.of(
            stage, number: record.id, in: ledger, cachesOf: settings.catalog))
        batches += try ledger.openShards(ofStage: record.id)
          .map { Batch(stage: stage.name, shard: $0) }
      }
      let run = try ledger.lastRun().map { try RunStanding($0, plan.budget, in: ledger) }
      let trouble = try RunTrouble(of: ledger)
      return (try ledger.heldSince(), stages, batches, try ledger.repairedCounts(), run, trouble)
    }
    name = plan.name
    (heldSince, stages, batches, repaired, run, lastTrouble) = read
    edges = Self.edges(of: plan, read.1)
    let rejected = stages.reduce(0) { $0 + $1.counts.rejected }
    let judged = rejected + stages.reduce(0) { $0 + $1.counts.accepted }
    hasTooManyRejected = plan.maxRejected.isExceeded(by: rejected, of: judged)
    isComplete = stages.count == plan.stages.count && stages.allSatisfy(\.isComplete)
  }

  /// Whether every stage is settled and merged.
  public let isComplete: Bool

  /// What `leaven status --exit-code` ends with.
  public var exitStatus: ExitStatus {
    if batches.contains(where: { $0.shard.state == .unknown }) { return .decisionNeeded }
    if heldSince != nil || stages.contains(where: { $0.batchesInFlight > 0 }) { return .tryAgain }
    if !isComplete { return lastTrouble?.status ?? .tryAgain }
    return hasTooManyRejected ? .tooManyRejected : .ok
  }

  private static func edges(of plan: PipelinePlan, _ standings: [StageStanding]) -> [Edge] {
    func counts(_ name: String) -> StageCounts? { standings.first { $0.stage == name }?.counts }
    return plan.stages.flatMap { stage -> [Edge] in
      guard let own = counts(stage.name) else { return [] }
      func edge(_ above: String?, _ name: String, _ by: [String], isLookup: Bool) -> Edge {
        let given = above.flatMap(counts)
        return Edge(
          from: above, name: name, into: stage.name, by: by, answered: given?.accepted,
          pending: given?.pending, counts: own, isLookup: isLookup)
      }
      let main = edge(stage.source.upstream, stage.sourceName, stage.operations, isLookup: false)
      guard let join = stage.join else { return [main] }
      let name =
        switch join.with {
        case .stage(let name): "stage '\(name)'"
        case .dataset(let source): source.file?.shownPath ?? "dataset"
        }
      return [main, edge(join.stage, name, ["join"], isLookup: true)]
    }
  }
}

extension StagePlan {
  /// What it does with the records that it reads, as the keys are called.
  fileprivate var operations: [String] {
    var keys: [String] = []
    if filter != nil { keys.append("where") }
    switch reshaping {
    case .each: keys.append("each")
    case .split: keys.append("split")
    case .group: keys.append("group")
    case nil: break
    }
    return keys
  }
}
