internal import Ledger
internal import Pipelines
internal import Providers

extension StageRun {
  /// Which of the shards that wait are asked one by one, and why.
  func asked(
    of waiting: [ShardRecord], _ gate: CanaryGate
  ) throws -> (shards: [ShardRecord], reason: String?) {
    switch stage.load.mode {
    case .batch: return (waiting.filter { $0.lane == .concurrent }, nil)
    case .concurrent: return (waiting, nil)
    case .auto:
      if gate != .open { return (waiting, "what goes first is wanted at once") }
      let late = waiting.filter { $0.lane == .concurrent }
      guard late.isEmpty else { return (late, nil) }
      let choice = try choice(for: waiting)
      if choice.lane == .batch, !waiting.isEmpty, try !hasBatches() {
        settings.report(.batched(stage: stage.name, reason: choice.reason))
      }
      return (choice.lane == .concurrent ? waiting : [], choice.reason)
    }
  }

  /// Which way requests that wait go when the pipeline leaves it open.
  func choice(for waiting: [ShardRecord]) throws -> SpeedChoice {
    let atProvider = try ledger.openShards(ofStage: number).filter(\.state.isAtProvider)
    let requests = (waiting + atProvider).reduce(0) { $0 + $1.requestCount }
    guard requests < SpeedChoice.fewRequests, let full = asking.cost(.concurrent),
      let half = asking.cost(.batch)
    else { return SpeedChoice(requests: requests, saving: nil) }
    var saving = Money.zero
    for shard in waiting {
      let whole = try measure(shard, within: .init()).whole
      let (input, output) = (whole.likelyInputTokens, whole.maxTokens / 2)
      saving += full.of(input: input, output: output) - half.of(input: input, output: output)
    }
    return SpeedChoice(requests: requests, saving: saving)
  }

  /// Finds out whether there is money for a shard that is asked one by one: else it is split, or waits while something can
  /// free money.
  func clearToAsk(_ shard: inout ShardRecord, _ rest: inout Rest) throws -> Clearance {
    let room = ShardMeasure.Room(money: try moneyLeft())
    let (whole, fitting) = try measure(shard, within: room, .concurrent)
    if fitting.requestCount == whole.requestCount { return .send(whole) }
    if fitting.requestCount > 0 {
      try split(&shard, at: fitting, of: whole)
      return .send(fitting)
    }
    if try ledger.openShards().contains(where: { $0.state.mayFreeMoney }) {
      settings.report(
        .awaitingRoom(stage: stage.name, requests: whole.requestCount, .budget))
    } else {
      rest.problems.append(.budget(try budgetStop(.concurrent)))
    }
    return .wait
  }
}
