import Engine
import Ledger
import Records
import Synchronization
import TestSupport
import Testing

/// Batches that take long, results that go away, copies that are removed.
@Suite struct WatchTests {
  private func alerts(
    of pipeline: SandboxedPipeline, faults: String
  ) async throws -> (outcome: SandboxedPipeline.Outcome, alerts: [Alert]) {
    let told = Mutex<[Alert]>([])
    let outcome = try await pipeline.run(faults: faults) { event in
      if case .alert(let alert) = event { told.withLock { $0.append(alert) } }
    }
    return (outcome, told.withLock { $0 })
  }

  private let slow = #"{"batches": [{"which": {"nth": 1}, "done_share": 0.5}]}"#

  @Test func aLateBatchIsToldOnce() async throws {
    let pipeline = try SandboxedPipeline(records: 10, load: "late: {after: 50%}")
    let (outcome, alerts) = try await alerts(of: pipeline, faults: slow)
    #expect(alerts.map(\.kind) == [.lateBatch])
    #expect(alerts.first?.stage == "sum")
    #expect(outcome.ending.status == .ok)
    #expect(outcome.meter["rows_billed"]?.int == 10)
  }

  @Test func aLateBatchIsSentAgainWithoutPayingTwice() async throws {
    let pipeline = try SandboxedPipeline(records: 10, load: "late: resubmit")
    let (outcome, alerts) = try await alerts(of: pipeline, faults: slow)
    #expect(alerts.map(\.kind) == [.lateBatch])
    #expect(outcome.ending.stages.first?.counts.accepted == 10)
    #expect(outcome.meter["rows_billed"]?.int == 10)
    let calls = try pipeline.calls()
    #expect(calls.filter { $0 == "cancel" }.count == 1)
    #expect(calls.filter { $0 == "create" }.count == 2)
  }

  @Test func batchesAreAskedAfterEveryMinuteAndLaterEveryTen() async throws {
    let pipeline = try SandboxedPipeline(records: 5)
    _ = try await pipeline.run(faults: #"{"batches": [{"duration_s": 20000}]}"#)
    let times = try pipeline.scratch.text(of: "sandbox/journal.jsonl").split(separator: "\n")
      .map { try JSONValue(parsing: Array($0.utf8)) }
      .filter { $0["route"]?.string == "retrieve" }.compactMap { $0["at_ms"]?.int }
    // The last one is asked for the results, right after the one that said that they are there.
    let waits = zip(times.dropFirst(), times).map { $0 - $1 }.dropLast()
    #expect(waits.allSatisfy { (60_000...660_000).contains($0) }, "\(waits)")
    #expect(try #require(waits.first) < 70_000 && #require(waits.last) >= 600_000, "\(waits)")
    // Jitter: two of the long waits are hardly ever the same.
    #expect(Set(waits.filter { $0 >= 600_000 }).count > 5, "\(waits)")
  }

  @Test func resultsThatAreGoneAreAPersonsAffair() async throws {
    let pipeline = try SandboxedPipeline(records: 6)
    let month = #"{"calls": [{"route": "retrieve", "calls": {"nth": 1}, "advance_s": 2592000}]}"#
    let (outcome, alerts) = try await alerts(of: pipeline, faults: month)
    #expect(outcome.ending.status == .decisionNeeded)
    #expect(alerts.map(\.kind) == [.retention])
    let problem = try #require(outcome.ending.problems.first)
    #expect("\(problem)".contains("no longer keeps the results"), "\(problem)")
    #expect(problem.hint?.contains("--assume-absent 1") == true)
    #expect(try await pipeline.assumeAbsent(shard: 1))
    let second = try await pipeline.run()
    #expect(second.ending.status == .ok)
    #expect(second.ending.stages.first?.counts.accepted == 6)
  }

  @Test func resultsThatCannotBeHadAreToldOfWhileThereIsTime() async throws {
    let pipeline = try SandboxedPipeline(records: 6)
    let told = Mutex<[Alert]>([])
    let faults = """
      {"calls": [{"route": "retrieve", "calls": {"nth": 1}, "advance_s": 2200000},
                 {"route": "results", "status": 500}]}
      """
    await #expect(throws: RunError.self) {
      try await pipeline.run(faults: faults, limit: 2) { event in
        if case .alert(let alert) = event { told.withLock { $0.append(alert) } }
      }
    }
    let alerts = told.withLock { $0 }
    #expect(alerts.map(\.kind) == [.retention], "told once")
    #expect(alerts.first?.sentence.contains("removes the results of batch") == true)
    #expect(alerts.first?.sentence.contains("in 84 h") == true, "\(alerts)")
    let rescued = try await pipeline.run()
    #expect(rescued.ending.status == .ok && rescued.meter["rows_billed"]?.int == 6)
  }

  @Test func collectedBatchesAreRemovedFromTheProvider() async throws {
    let pipeline = try SandboxedPipeline(records: 10, shard: 4, load: "delete_after_collect: true")
    let outcome = try await pipeline.run(
      faults: #"{"calls": [{"route": "delete", "calls": {"nth": 2}, "status": 400}]}"#)
    #expect(outcome.ending.status == .ok)
    #expect(
      outcome.events.contains { $0.contains("could not be removed yet") }, "\(outcome.events)")
    let again = try await pipeline.run()
    #expect(again.ending.status == .ok)
    #expect(try pipeline.calls().filter { $0 == "delete" }.count == 4)
    // What was merged from the answers can be merged again: they are here.
    #expect(again.output == outcome.output)
  }
}
