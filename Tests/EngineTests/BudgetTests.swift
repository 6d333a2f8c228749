import Engine
import Ledger
import Providers
import Records
import Testing

/// What a run may spend: set aside before anything is sent, freed when it is settled.
@Suite struct BudgetTests {
  /// The cost of the undisturbed run of 40 records, in nano-dollars, and what is set aside for them.
  private static let free = Task {
    let run = try await SandboxedPipeline().run().ending.run
    return (spent: run?.spent ?? .zero, setAside: run?.setAside ?? .zero)
  }

  private func budget(_ amount: Money, _ reserve: String = "high") -> String {
    "budget: {usd: \(amount.decimal), reserve: \(reserve)}"
  }

  /// Whether an amount is what the sandbox would have billed, which its meter tells in whole microdollars.
  private func isBilled(_ amount: Money?, _ meter: JSONValue) -> Bool {
    amount.map { Int($0.nanodollars / 1000) } == meter["micro_dollars"]?.int
  }

  @Test func whatIsSetAsideIsMoreThanWhatItCosts() async throws {
    let free = try await Self.free.value
    #expect(free.spent > .zero && free.setAside > free.spent)
    // 40 requests at 100 output tokens for $2.50 a million, and some input.
    #expect(free.setAside > Money(nanodollars: 40 * 100 * 2500))
  }

  @Test func aLargeBudgetChangesNothing() async throws {
    let pipeline = try SandboxedPipeline(top: "budget: {usd: 12.50}")
    let outcome = try await pipeline.run()
    #expect(outcome.ending.status == .ok)
    #expect(!outcome.events.contains { $0.hasPrefix("split") || $0.hasPrefix("awaiting") })
    #expect(outcome.meter["rows_billed"]?.int == 40)
    let run = try #require(outcome.ending.run)
    #expect(run.endedAt != nil && run.reserved == .zero)
    #expect(run.budget == Money(dollars: "12.50"))
    #expect(isBilled(run.spent, outcome.meter), "\(run.spent.decimal) \(outcome.meter.compact)")
  }

  /// Enough for what it costs, not for what is set aside at once: shards wait for each other, and are split.
  @Test func whatDoesNotFitWaitsOrIsSplit() async throws {
    let free = try await Self.free.value
    let amount = free.spent + Money(nanodollars: free.setAside.nanodollars / 4)
    let pipeline = try SandboxedPipeline(top: budget(amount))
    let outcome = try await pipeline.run()
    #expect(outcome.ending.status == .ok, "\(outcome.ending.problems)")
    #expect(outcome.meter["rows_billed"]?.int == 40)
    #expect(outcome.meter["most_per_custom_id"]?.int == 1)
    #expect(outcome.events.contains { $0.hasPrefix("awaiting") }, "\(outcome.events)")
    #expect(outcome.events.contains { $0.hasPrefix("split") }, "\(outcome.events)")
    #expect(outcome.output == (try await SandboxedPipeline().run().output))
    let run = try #require(outcome.ending.run)
    #expect(run.spent <= amount)
  }

  /// Too little: the run ends with 2, has not spent more, and goes on where it was when the budget is raised.
  @Test func tooLittleNeedsAPerson() async throws {
    let free = try await Self.free.value
    let amount = Money(nanodollars: free.spent.nanodollars / 2)
    let pipeline = try SandboxedPipeline(top: budget(amount))
    let first = try await pipeline.run()
    #expect(first.ending.status == .decisionNeeded)
    guard case .budget(let stop)? = first.ending.problems.first else {
      Issue.record("\(first.ending.problems)")
      return
    }
    let sent = try #require(first.meter["rows_billed"]?.int)
    #expect(sent > 0 && sent < 40)
    #expect(stop.waiting == 40 - sent)
    #expect(isBilled(stop.spent, first.meter) && stop.spent <= amount && stop.reserved == .zero)
    #expect("\(stop)".contains("\(40 - sent) requests are left to send"), "\(stop)")
    #expect(try await pipeline.status().run?.spent == stop.spent)
    let again = try await pipeline.run()
    #expect(again.ending.status == .decisionNeeded)
    #expect(again.meter["rows_billed"]?.int == sent)

    // What the hint names is enough, and what was spent counts.
    let named = try #require(stop.hint.split(separator: "{usd: ").last?.split(separator: "}").first)
    try pipeline.write(top: "budget: {usd: \(named)}")
    let last = try await pipeline.run()
    #expect(last.ending.status == .ok, "\(last.ending.problems)")
    #expect(last.meter["rows_billed"]?.int == 40)
    #expect(isBilled(last.ending.run?.spent, last.meter))
    #expect(last.output == (try await SandboxedPipeline().run().output))
  }

  @Test func aBudgetBelowOneRequestSendsNothing() async throws {
    let pipeline = try SandboxedPipeline(top: "budget: {usd: 0.0001}")
    let outcome = try await pipeline.run()
    #expect(outcome.ending.status == .decisionNeeded)
    #expect(outcome.meter["batches_created"]?.int == 0)
    // Nothing was begun, so nothing is open.
    #expect(outcome.ending.run == nil)
  }

  @Test func whatIsNotBilledIsFreed() async throws {
    let free = try await Self.free.value
    // The first batches expire with nothing done, and everything is sent a second time.
    let amount = free.spent + Money(nanodollars: free.setAside.nanodollars / 2)
    let pipeline = try SandboxedPipeline(top: budget(amount))
    let outcome = try await pipeline.run(
      faults: #"{"batches": [{"which": {"until": 2}, "done_share": 0}]}"#)
    #expect(outcome.ending.status == .ok, "\(outcome.ending.problems) \(outcome.events)")
    #expect(outcome.meter["rows_billed"]?.int == 40)
    #expect(isBilled(outcome.ending.run?.spent, outcome.meter))
  }

  @Test func everyAttemptReserves() async throws {
    let free = try await Self.free.value
    let pipeline = try SandboxedPipeline()
    let outcome = try await pipeline.run(
      faults: #"{"rows": [{"share": 1, "batches": {"until": 3}, "outcome": "invalid_answer"}]}"#)
    let run = try #require(outcome.ending.run)
    #expect(outcome.meter["rows_billed"]?.int == 80)
    // The second attempt tells the model what was wrong with the first: its input is longer.
    #expect(run.setAside > free.setAside * 2 && run.setAside < free.setAside * 3)
    #expect(isBilled(run.spent, outcome.meter))
  }

  @Test func theLikelyReserveSendsMoreAndSaysWhatItMayOverrun() async throws {
    let free = try await Self.free.value
    let amount = Money(nanodollars: free.setAside.nanodollars * 2 / 3)
    let pipeline = try SandboxedPipeline(top: budget(amount, "likely"))
    let tick = try await pipeline.run(patience: .once)
    #expect(tick.meter["batches_created"]?.int == 3)
    let run = try #require(tick.ending.run)
    #expect(run.reserved < amount && run.overrun == free.setAside - amount)
    #expect(tick.events.contains { $0.hasPrefix("warning: the budget") }, "\(tick.events)")
    let careful = try await SandboxedPipeline(top: budget(amount)).run(patience: .once)
    #expect(careful.meter["batches_created"]?.int == 2)
    #expect(careful.ending.run?.overrun == .zero)
    #expect(careful.ending.status == .ok)
  }

  @Test func theNextRunHasABudgetOfItsOwn() async throws {
    let free = try await Self.free.value
    let pipeline = try SandboxedPipeline(top: budget(free.setAside))
    let first = try await pipeline.run()
    #expect(first.ending.run?.endedAt != nil)
    // Nothing to send: no run.
    #expect(try await pipeline.run().ending.run == nil)
    try pipeline.write(prompt: "Say it shorter: {{ text }}", top: budget(free.setAside * 2))
    let second = try await pipeline.run()
    #expect(second.ending.status == .ok, "\(second.ending.problems)")
    #expect(second.meter["rows_billed"]?.int == 80)
    let run = try #require(second.ending.run)
    #expect(run.spent < free.setAside && run.endedAt != nil)
  }
}
