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

  /// From another folder, and with nothing in the environment but the key.
  @Test func aTickMayBeginAnywhere() async throws {
    let bench = try Bench.withTickets(5)
    let sandbox = try SandboxProcess(bench, ["--virtual", "--dir", "sandbox"])
    try bench.write("", to: "elsewhere/.keep")
    for (folder, path) in [
      ("/", bench.path("small.yaml")), (bench.path("elsewhere"), "../small.yaml"),
    ] {
      let tick = try RunningProgram(
        [LeavenBinary.path, "run", "--once", "--base-url", sandbox.baseURL, path],
        in: folder, environment: ["ANTHROPIC_API_KEY": "k"], input: "/dev/null",
        output: .file("/dev/null"), errors: bench.path("errors"))
      #expect(await tick.ended().status == 0)
    }
    #expect(try bench.text(of: "errors").isEmpty, "the second tick found the first one's state")
    let rest = try await bench.leaven(
      ["run", "--base-url", sandbox.baseURL, "small.yaml"], variables: ["ANTHROPIC_API_KEY": "k"])
    #expect(rest.status == 0, "\(rest.said)")
    #expect(try await sandbox.meter().rows == 5)
    #expect(try bench.labelled().allSatisfy(Bench.hasOwnAnswer))
    await sandbox.stop()
  }

  /// `leaven run --once P && leaven status --exit-code P && next-job`: the next job begins when all is done.
  @Test func theNextJobBeginsAfterTheLastTick() async throws {
    let bench = try Bench.withTickets(5)
    try bench.write(#"{"batches": [{"duration_s": 150}]}"#, to: "faults.json")
    let job = """
      "$0" run --once --quiet --sandbox --faults faults.json small.yaml && "$0" status --sandbox --exit-code small.yaml >/dev/null \
        && cp out/labelled.sandbox.csv published.csv
      """
    var ticks = 0
    while !bench.has("published.csv"), ticks < 20 {
      let tick = try RunningProgram(
        ["/bin/sh", "-c", job, LeavenBinary.path], in: bench.folder,
        environment: Bench.environment([:]), input: "/dev/null", output: .file("/dev/null"),
        errors: bench.path("errors"))
      let status = await tick.ended().status
      #expect(status == (bench.has("published.csv") ? 0 : 75))
      #expect(try bench.text(of: "errors").isEmpty)
      ticks += 1
    }
    #expect(ticks > 1 && ticks < 20)
    #expect(try bench.text(of: "published.csv") == bench.text(of: "out/labelled.sandbox.csv"))
    #expect(try bench.labelled().count == 5)
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
