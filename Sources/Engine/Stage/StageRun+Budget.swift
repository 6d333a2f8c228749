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

  /// Finds out whether there is money for a shard; one that does not fit as a whole is split, or waits while something at
  /// the provider can free some.
  func clear(_ shard: inout ShardRecord, _ rest: inout Rest) throws -> Clearance {
    let room = ShardMeasure.Room(money: try moneyLeft())
    let (whole, fitting) = try measure(shard, within: room)
    if fitting.requestCount == whole.requestCount { return .send(whole) }
    let mayFree = try ledger.openShards().contains { $0.state.mayFreeMoney }
    let isWorthIt =
      fitting.requestCount >= min(Self.worthwhile, (whole.requestCount + 1) / 2)
    if fitting.requestCount > 0, isWorthIt || !mayFree {
      try split(&shard, at: fitting, of: whole)
      return .send(fitting)
    }
    if mayFree {
      settings.report(
        .awaitingRoom(stage: stage.name, requests: whole.requestCount, .budget))
    } else {
      rest.problems.append(.budget(try budgetStop()))
    }
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
  private func moneyLeft() throws -> Money? {
    guard let budget = plan.budget else { return nil }
    guard let run = try ledger.openRun() else { return budget.amount }
    return budget.amount - Money(nanodollars: run.spentNano + run.reservedNano)
  }

  private func budgetStop() throws -> BudgetStop {
    guard let budget = plan.budget else { preconditionFailure("only a budget stops for money") }
    let run = try ledger.openRun()
    var stop = BudgetStop(
      stage: stage.name, budget: budget.amount,
      spent: Money(nanodollars: run?.spentNano ?? 0),
      reserved: Money(nanodollars: run?.reservedNano ?? 0), waiting: 0, needed: .zero)
    for shard in try ledger.openShards(ofStage: number) where shard.state == .packed {
      let whole = try measure(shard, within: ShardMeasure.Room()).whole
      stop.waiting += whole.requestCount
      stop.needed += whole.reserved
    }
    return stop
  }
}

extension ShardState {
  /// Whether a shard in this state will be settled without a person, and what it did not cost is free then.
  fileprivate var mayFreeMoney: Bool { isAtProvider && self != .unknown }
}
