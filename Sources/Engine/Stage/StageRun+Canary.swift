internal import Ledger
internal import Pipelines
internal import Providers
internal import Records

extension StageRun {
  /// Below so many requests the automatic canary costs more time than it can save money.
  private static let smallRun = 100
  /// How many requests go next when the first one of an unused plan was not answered well.
  private static let secondLook = 20

  /// What may be sent.
  enum CanaryGate: Equatable {
    /// Everything.
    case open
    /// This shard alone.
    case only(Int64)
    /// Nothing.
    case closed
  }

  /// Finds out whether requests have to go first, and what came of them.
  ///
  /// Nothing is remembered but which shards went first and how they were judged: after a kill the same is found out again.
  func canaryGate(_ rest: inout Rest) throws -> CanaryGate {
    let bounds = stage.load.canary
    guard bounds.records > 0 else { return .open }
    // The automatic one is there for the money, and a sandbox takes none.
    if bounds.occasion == .unusedPlan, provider.isSandbox, !settings.rehearsesCanary {
      return .open
    }
    let plan = try planID()
    let past = try ledger.canaries().filter { isOfThisKind($0, plan: plan) }
    if past.contains(where: { $0.verdict == .passed || $0.verdict == .accepted }) { return .open }
    if bounds.occasion == .unusedPlan, try ledger.isUsed(plan: plan) { return .open }
    let own = past.filter { $0.stage == number }
    let before = own.count { $0.verdict == .inconclusive }
    for canary in own where canary.verdict != .inconclusive {
      if let gate = try look(at: canary, before, &rest) { return gate }
    }
    guard bounds.occasion == .unusedPlan else { return try chooseFirst(of: plan, bounds.records) }
    let isSecondLook = try ledger.canaries().contains {
      $0.stage == number && $0.plan == plan && $0.verdict == .inconclusive
    }
    return try chooseFirst(of: plan, isSecondLook ? Self.secondLook : bounds.records)
  }

  /// Whether a canary says something of what is to be sent now.
  private func isOfThisKind(_ canary: CanaryRecord, plan: Int64) -> Bool {
    switch stage.load.canary.occasion {
    case .unusedPlan: canary.plan == plan
    case .unprovenPrompt:
      canary.plan == plan && canary.stage == number && canary.template == stage.transformHash
    }
  }

  /// What a canary that has not passed allows; nil when another one has to go.
  private func look(
    at canary: CanaryRecord, _ before: Int, _ rest: inout Rest
  ) throws -> CanaryGate? {
    guard let shard = try ledger.shard(canary.shard) else { return nil }
    switch shard.state {
    case .packed: return .only(shard.id)
    case .settled: return try judge(canary, before, &rest)
    case .discarded:
      try ledger.judge(canary: canary.shard, .inconclusive)
      return nil
    case .submitting, .adopting, .unknown, .submitted, .ended, .collected, .asking,
      .exported:
      return .closed
    }
  }

  private func judge(
    _ canary: CanaryRecord, _ before: Int, _ rest: inout Rest
  ) throws -> CanaryGate? {
    let report = CanaryReport(
      stage: stage.name, plan: stage.load.canary, isFirst: before == 0,
      outcomes: try ledger.outcomes(ofCanary: canary.shard, examples: 3))
    var verdict = canary.verdict == .failed ? .failed : report.verdict
    if verdict == .failed, settings.canaryAnswer == true { verdict = .accepted }
    try ledger.judge(canary: canary.shard, verdict)
    switch verdict {
    case .passed, .accepted:
      settings.report(.canaryPassed(stage: stage.name, report))
      return .open
    case .failed:
      rest.problems.append(.canary(report))
      return .closed
    case .inconclusive: return nil
    }
  }

  /// Lets the first requests go: as many as wanted of the first shard that waits.
  private func chooseFirst(of plan: Int64, _ count: Int) throws -> CanaryGate {
    let waiting = try waitingShards()
    let total = waiting.reduce(0) { $0 + $1.requestCount }
    if stage.load.canary.occasion == .unusedPlan, total <= Self.smallRun { return .open }
    guard total > count, var first = waiting.first(where: { $0.plan == plan }) else { return .open }
    try cut(&first, to: count)
    try ledger.makeCanary(first, template: stage.transformHash)
    return .only(first.id)
  }

  /// The shards that wait and still have something to ask.
  func waitingShards() throws -> [ShardRecord] {
    var waiting: [ShardRecord] = []
    for var shard in try ledger.openShards(ofStage: number) where shard.state == .packed {
      if try refresh(&shard) { waiting.append(shard) }
    }
    return waiting
  }

  /// Leaves a shard that waits at most so many requests; the others become one of their own, which waits, too.
  func cut(_ shard: inout ShardRecord, to count: Int) throws {
    guard shard.requestCount > count else { return }
    let (whole, head) = try measure(shard, within: ShardMeasure.Room(requests: count))
    try split(&shard, at: head, of: whole)
  }
}
