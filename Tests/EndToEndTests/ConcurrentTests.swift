import Foundation
import Records
import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// `mode: concurrent`, from outside: kills, interruptions, and a few records tried first.
@Suite struct ConcurrentTests {
  private static let count = 200
  private static let calls = 8
  /// A call takes a moment, so that a run takes some.
  private static let faults = #"{"calls": [{"route": "messages", "delay_ms": 20}]}"#

  /// A pipeline, and a sandbox that lives on.
  private func stage() throws -> (bench: Bench, sandbox: SandboxProcess) {
    let bench = try Bench.withTickets(Self.count)
    try bench.writePipeline(
      shard: 90, load: "mode: concurrent\n      in_flight: \(Self.calls)")
    try bench.write(Self.faults, to: "faults.json")
    let sandbox = try SandboxProcess(
      bench, ["--virtual", "--dir", "sandbox", "--faults", "faults.json"])
    return (bench, sandbox)
  }

  private func start(_ bench: Bench, _ sandbox: SandboxProcess) throws -> RunningProgram {
    try bench.start(
      ["run", "--base-url", sandbox.baseURL, "--state", "state", "small.yaml"],
      variables: ["ANTHROPIC_API_KEY": "k"])
  }

  /// Waits until so many calls were billed.
  private func reach(_ messages: Int, _ sandbox: SandboxProcess) async throws {
    while try await sandbox.meter().messages < messages { usleep(5000) }
  }

  private static let undisturbed = Task {
    let test = ConcurrentTests()
    return try await Turnstile.programs.pass {
      let (bench, sandbox) = try test.stage()
      let ending = try await test.start(bench, sandbox).ended()
      #expect(ending.status == 0)
      let meter = try await sandbox.meter()
      #expect(meter.messages == count && meter.mostPerBody == 1 && meter.batches == 0)
      await sandbox.stop()
      return try bench.text(of: "out/labelled.sandbox.csv")
    }
  }

  @Test(arguments: [1, 30, 85, 95, 150, 195], [1, 2])
  func aKilledRunPaysTwiceForWhatWasInFlightAtMost(messages: Int, kills: Int) async throws {
    let expected = try await Self.undisturbed.value
    try await Turnstile.programs.pass {
      let (bench, sandbox) = try stage()
      var wasKilled = 0
      for kill in 1...kills {
        let program = try start(bench, sandbox)
        try await reach(min(messages + 40 * (kill - 1), Self.count), sandbox)
        program.stop()
        if await program.ended().signal == SIGKILL { wasKilled += 1 }
      }
      let last = try await start(bench, sandbox).ended()
      #expect(last.status == 0)
      #expect(try bench.text(of: "out/labelled.sandbox.csv") == expected)
      let meter = try await sandbox.meter()
      #expect(meter.messages <= Self.count + Self.calls * wasKilled, "\(meter)")
      #expect(meter.mostPerBody <= 1 + wasKilled, "\(meter)")
      await sandbox.stop()
    }
  }

  @Test func anInterruptedRunAwaitsWhatIsInFlight() async throws {
    let expected = try await Self.undisturbed.value
    try await Turnstile.programs.pass {
      let (bench, sandbox) = try stage()
      let program = try start(bench, sandbox)
      try await reach(50, sandbox)
      program.send(SIGINT)
      #expect(await program.ended().status == 75)
      let meter = try await sandbox.meter()
      // On a busy machine all may have been asked by the time it hears of it.
      #expect(meter.messages <= Self.count && meter.mostPerBody == 1)
      #expect(try await start(bench, sandbox).ended().status == 0)
      #expect(try bench.text(of: "out/labelled.sandbox.csv") == expected)
      let all = try await sandbox.meter()
      #expect(all.messages == Self.count && all.mostPerBody == 1)
      await sandbox.stop()
    }
  }

  @Test func whatWasTriedIsNotAskedAgain() async throws {
    let bench = try Bench.withTickets(12)
    let first = try await bench.leaven(["try", "--sandbox", "small.yaml", "-n", "3"])
    #expect(first.status == 0, "\(first.err)")
    #expect(first.out.contains("— key ") && first.out.contains("│"))
    #expect(first.err.contains("3 of 3 answers good"))
    let again = try await bench.leaven(["try", "--sandbox", "small.yaml", "-n", "4", "--json"])
    let lines = again.out.split(separator: "\n")
    #expect(lines.count == 4 && again.status == 0)
    #expect(lines.prefix(3).allSatisfy { $0.contains(#""outcome":"known""#) })
    #expect(lines[3].contains(#""outcome":"accepted""#))
    #expect(try bench.sandboxCalls("messages") == 4)
    // After a reading, too: what waits in a shard and is tried is not sent.
    #expect(try await bench.runSmall().status == 0)
    let rows = try bench.labelled()
    #expect(rows.count == 12 && rows.allSatisfy(Bench.hasOwnAnswer))
    #expect(try bench.sandboxCalls("messages") == 4)
    let sent = try bench.rows(of: ".leaven/small@sandbox/sandbox/journal.jsonl")
      .filter { $0["route"]?.string == "create" }.count
    #expect(sent == 1)
  }

  @Test func aTrialThatFailsSaysWhy() async throws {
    let bench = try Bench.withTickets(3)
    try bench.writePipeline(prompt: "<message>{{ text[0:400].nothing }}</message>")
    let outcome = try await bench.leaven(["try", "--sandbox", "small.yaml"])
    #expect(outcome.status == 1)
    #expect(outcome.out.contains("would be rejected: template-error"), "\(outcome.out)")
  }
}
