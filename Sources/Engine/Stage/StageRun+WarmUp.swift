internal import Ledger
internal import Pipelines
internal import Providers

extension StageRun {
  /// Finds out whether one request has to fill the provider's cache before the others go, and whether it has done so.
  ///
  /// Nothing is remembered but what was sent in this run: after a kill the same is found out again. The request is one of the
  /// stage's own, is paid for like the others, and may be lost, looked up and repeated like them; the rest goes when it is
  /// in, whatever came of it, or when the cache would have forgotten it.
  func warmUpGate(_ rest: inout Rest) throws -> CanaryGate {
    // As with the canary: in a sandbox there is no money to save.
    guard stage.load.cache != nil, !provider.isSandbox || settings.rehearsesCanary else {
      return .open
    }
    let plan = try planID()
    let waiting = try waitingShards()
    guard var first = waiting.first(where: { $0.plan == plan }),
      let warmUp = try warmUp(before: waiting)
    else { return .open }
    let sent = try sentInThisRun(under: plan)
    if let one = sent.first {
      guard sent.count == 1, one.requestCount == 1, one.state.isOnItsWay else { return .open }
      let until = (one.submittedAt ?? one.intentAt ?? clock.milliseconds) + warmUp.patience
      guard clock.milliseconds < until else { return .open }
      rest.wake(at: until)
      return .closed
    }
    settings.report(.warmingUp(stage: stage.name, reason: warmUp.reason))
    try cut(&first, to: 1)
    return .only(first.id)
  }

  /// Whether a first request would fill the cache for so many that are new; nil when all go at once.
  func warmUp(before requests: Int) throws -> String? {
    guard let way, let mark = stage.load.cache else { return nil }
    let lane: ShardLane =
      switch stage.load.mode {
      case .batch: .batch
      case .concurrent: .concurrent
      case .auto: requests < SpeedChoice.fewRequests ? .concurrent : .batch
      }
    return WarmUp(mark, requests: requests, lane, way.cost(lane))?.reason
  }

  private func warmUp(before waiting: [ShardRecord]) throws -> WarmUp? {
    guard let mark = stage.load.cache else { return nil }
    let isLate = waiting.allSatisfy { $0.lane == .concurrent }
    let lane: ShardLane =
      switch stage.load.mode {
      case .batch: isLate ? .concurrent : .batch
      case .concurrent: .concurrent
      case .auto: try choice(for: waiting).lane
      }
    let requests = waiting.reduce(0) { $0 + $1.requestCount }
    return WarmUp(mark, requests: requests, lane, asking.cost(lane))
  }

  private func sentInThisRun(under plan: Int64) throws -> [ShardRecord] {
    guard let run = try ledger.openRun() else { return [] }
    return try ledger.allShards(ofStage: number).filter {
      $0.run == run.id && $0.plan == plan
        && ![.packed, .exported, .discarded].contains($0.state)
    }
  }
}

extension ShardState {
  /// Whether a shard was sent, and its answers are not in yet; of one whose fate is unknown nothing may come.
  fileprivate var isOnItsWay: Bool {
    switch self {
    case .submitting, .adopting, .submitted, .ended, .collected, .asking: true
    case .packed, .unknown, .settled, .exported, .discarded: false
    }
  }
}
