internal import Ledger
internal import Pipelines
internal import Providers
internal import Records

extension StageRun {
  /// So many requests are worth a batch of their own while money may still be freed.
  private static let worthwhile = 1000

  /// What may be done with a shard that waits.
  enum Clearance {
    /// It may be sent, with this set aside.
    case send(ShardMeasure)
    /// It has to wait, or a person must decide.
    case wait
  }

  /// Finds out whether there is room at the provider and money for a shard that has the turn. One that does not fit as a
  /// whole is split, or waits while something at the provider can make room.
  func clear(_ shard: inout ShardRecord, _ rest: inout Rest) async throws -> Clearance {
    let account = try await accountRoom(for: shard)
    let queue = ShardMeasure.Room(requests: account.requests, inputTokens: account.inputTokens)
    var room = queue
    room.money = try moneyLeft()
    var (whole, fitting) = try measure(shard, within: room)
    if account.isEmpty, fitting.requestCount == 0 {
      // A request that alone is above a limit of the queue is the provider's to refuse.
      fitting = try measure(shard, within: .init(requests: 1, money: room.money)).fitting
    }
    if account.batches == 0 { fitting = ShardMeasure() }
    if fitting.requestCount == whole.requestCount { return .send(whole) }
    let isQueueFull = account.batches == 0 || !queue.holds(whole)
    let mayFreeMoney = try ledger.openShards().contains { $0.state.mayFreeMoney }
    let mayHelp = isQueueFull ? !account.isEmpty : mayFreeMoney
    let isWorthIt =
      fitting.requestCount >= min(Self.worthwhile, (whole.requestCount + 1) / 2)
    if fitting.requestCount > 0, isWorthIt || !mayHelp {
      try split(&shard, at: fitting, of: whole)
      return .send(fitting)
    }
    if !mayHelp, !mayFreeMoney {
      rest.problems.append(.budget(try budgetStop()))
      return .wait
    }
    settings.report(
      .awaitingRoom(
        stage: stage.name, requests: whole.requestCount, isQueueFull ? .account : .budget))
    // Batches of others end without this pipeline hearing of it.
    if account.hasStrangers { rest.wake(at: clock.milliseconds + 60_000) }
    return .wait
  }

  /// Commits, with the intent to send a shard, what is set aside for it.
  func setAside(_ measure: ShardMeasure, for shard: inout ShardRecord, in run: Int64) {
    shard.run = run
    shard.inputTokens = measure.inputTokens
    shard.reservedNano = measure.reserved.nanodollars
    shard.worstNano = measure.worst.nanodollars
  }

  /// Says by how much the run may go beyond its budget, when that was allowed.
  func warnOfOverrun() throws {
    guard plan.budget?.reserve == .likely, let run = try ledger.openRun() else { return }
    let standing = RunStanding(run, plan.budget)
    guard standing.overrun > .zero, let budget = standing.budget else { return }
    settings.report(
      .warning(
        stage: stage.name,
        "the budget of \(budget) may be overrun by up to \(standing.overrun), if every answer is as long as it may be"
      ))
  }

  /// What the run may still set aside; nil without a budget.
  func moneyLeft() throws -> Money? {
    guard let budget = plan.budget else { return nil }
    guard let run = try ledger.openRun() else { return budget.amount }
    return budget.amount - Money(nanodollars: run.spentNano + run.reservedNano)
  }

  func budgetStop(_ lane: ShardLane = .batch) throws -> BudgetStop {
    guard let budget = plan.budget else { preconditionFailure("only a budget stops for money") }
    let run = try ledger.openRun()
    var stop = BudgetStop(
      stage: stage.name, budget: budget.amount,
      spent: Money(nanodollars: run?.spentNano ?? 0),
      reserved: Money(nanodollars: run?.reservedNano ?? 0), waiting: 0, needed: .zero)
    for shard in try ledger.openShards(ofStage: number) where shard.state == .packed {
      let whole = try measure(shard, within: ShardMeasure.Room(), lane).whole
      stop.waiting += whole.requestCount
      stop.needed += whole.reserved
    }
    return stop
  }
}

extension ShardState {
  /// Whether a shard in this state will be settled without a person, and what it did not cost is free then.
  var mayFreeMoney: Bool { isAtProvider && self != .unknown }
}
