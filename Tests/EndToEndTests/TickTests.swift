import Records
import Testing

/// The cron form: each tick advances and ends.
@Suite struct TickTests {
  @Test func ticksGetThere() async throws {
    let bench = try Bench.withTickets(30)
    // Each tick leaves the sandbox's time where the next one has something to do: about a minute on.
    try bench.write(#"{"batches": [{"duration_s": 150}]}"#, to: "faults.json")
    var ticks = 0
    var code: Int32? = 75
    while code == 75, ticks < 20 {
      let tick = try await bench.runSmall("--once", "--quiet", "--faults", "faults.json")
      #expect(tick.status == 0)
      #expect(tick.said.isEmpty, "a quiet tick says nothing: \(tick.said)")
      code = try await bench.leaven("status", "--sandbox", "--exit-code", "small.yaml").status
      ticks += 1
    }
    #expect(code == 0)
    #expect(ticks > 1)
    #expect(try bench.labelled().allSatisfy(Bench.hasOwnAnswer))
    #expect(try bench.sandboxCalls("create") == 2)
  }

  @Test func statusIsAContract() async throws {
    let bench = try Bench.withTickets(30)
    try await bench.runSmall("--once")
    let status = try await bench.status("--sandbox")
    #expect(
      status.members?.map(\.key) == [
        "name", "held_since", "complete", "stages", "edges", "run", "batches",
      ])
    let edge = status["edges"]?.array?.first
    #expect(edge?["into"]?.string == "label" && edge?["read"]?.int == 30)
    #expect(edge?["from_stage"] == .null && edge?["answered"] == .null)
    #expect(status["name"]?.string == "small@sandbox")
    #expect(status["complete"] == .bool(false))
    #expect(
      status["run"]?.members?.map(\.key) == [
        "started_at", "ended_at", "spent_usd", "reserved_usd", "set_aside_usd", "expected_usd",
        "budget_usd",
      ])
    let stage = status["stages"]?.array?.first
    #expect(stage?["batches_in_flight"]?.int == 2)
    #expect(stage?["requests_in_flight"]?.int == 30)
    let counts = stage?["counts"]
    #expect(counts?["read"]?.int == 30 && counts?["pending"]?.int == 30)
    let batch = status["batches"]?.array?.first
    #expect(
      batch?.members?.map(\.key) == [
        "stage", "shard", "state", "id", "requests", "submitted_at", "next_poll_at",
      ])
    #expect(batch?["id"]?.string?.hasPrefix("msgbatch_") == true)
  }

  @Test func readOnlyVerbsDoNotMakeAnything() async throws {
    let bench = try Bench.withTickets(3)
    for verb in ["status", "failures"] {
      let outcome = try await bench.leaven(verb, "small.yaml")
      #expect(outcome.status == 65)
      #expect(outcome.err.contains("has not been run yet"))
      #expect(outcome.err.contains("leaven run"))
    }
    #expect(!bench.has(".leaven"))
  }
}
