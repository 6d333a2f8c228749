internal import Ledger
internal import Pipelines
internal import Providers

extension PipelineRun {
  /// Ends the run when nothing is left to do, and says what it spent.
  ///
  /// A budget that a stage ran into is no matter for a person as long as something at the provider may free money.
  func concludeRun(_ ending: inout Ending, _ ledger: RunLedger, isSettled: Bool) throws {
    if ending.wakeAt != nil {
      ending.problems.removeAll { if case .budget = $0 { true } else { false } }
    }
    var ended: Int64?
    if isSettled, ending.heldSince == nil { ended = try ledger.endRun(now: clock.milliseconds) }
    let run = try ended.map { try ledger.run($0) } ?? ledger.openRun()
    ending.run = try run.map { try RunStanding($0, plan.budget, in: ledger) }
  }
}

extension RunStanding {
  /// What a run of the ledger spent and set aside.
  init(_ run: RunRecord, _ budget: BudgetPlan?, in ledger: RunLedger) throws(LedgerError) {
    let expected = try ledger.expectation(ofRun: run.id)
    self.init(run, budget)
    self.expected = expected.map(MoneyRange.init(nanodollars:))
  }

  /// The same, without what was expected.
  init(_ run: RunRecord, _ budget: BudgetPlan?) {
    let spent = Money(nanodollars: run.spentNano)
    let most = spent + Money(nanodollars: run.worstNano)
    self.init(
      startedAt: run.startedAt, endedAt: run.endedAt, spent: spent,
      reserved: Money(nanodollars: run.reservedNano),
      setAside: Money(nanodollars: run.setAsideNano), budget: budget?.amount,
      overrun: budget.map { max(.zero, most - $0.amount) } ?? .zero)
  }
}
