import Dispatch
import Foundation
import Testing

#if canImport(Glibc)
  import Glibc
#endif

@Suite struct ConsoleTests {
  @Test(arguments: [
    "check", "preview", "run", "status", "failures", "merge", "cancel", "export", "import",
    "sandbox",
  ])
  func everyVerbHasHelpWithAnExample(verb: String) async throws {
    let bench = try Bench()
    let outcome = try await bench.leaven(verb, "--help")
    #expect(outcome.status == 0)
    #expect(outcome.out.contains("Example:  leaven "), "\(outcome.out)")
    #expect(outcome.err.isEmpty)
  }

  @Test func wrongFlagsEndWith64() async throws {
    let bench = try Bench.withTickets(2)
    for arguments in [
      ["run"], ["run", "--bogus", "small.yaml"], ["bogus"], ["export", "small.yaml"],
      ["run", "--faults", "f.json", "small.yaml"], ["failures", "--stage", "nope", "small.yaml"],
    ] {
      let outcome = try await bench.leaven(arguments)
      #expect(outcome.status == 64, "\(arguments): \(outcome.said)")
      #expect(outcome.out.isEmpty && !outcome.err.isEmpty)
    }
  }

  @Test(arguments: [
    ["merge", "--stage"], ["failures", "--stage"], ["preview", "--stage"],
    ["try", "--sandbox", "--stage"],
    ["run", "--sandbox", "--only"], ["run", "--sandbox", "--from"], ["import", "--stage"],
  ])
  func aStageThatThereIsNotIsMetWithThoseThereAre(verb: [String]) async throws {
    let bench = try Bench.withTickets(2)
    let results = verb[0] == "import" ? ["tickets.csv"] : []
    let outcome = try await bench.leaven(verb + ["labl", "small.yaml"] + results)
    #expect(outcome.status == 64, "\(outcome.said)")
    #expect(outcome.out.isEmpty)
    #expect(
      outcome.err == """
        error: there is no stage 'labl'
          hint: did you mean 'label'? the stages are label

        """)
  }

  @Test func aStageThatAVerbHasNothingToDoWithIsRefused() async throws {
    let bench = try Bench.withTickets(2)
    let other = """

        quiet:
          extract: {stage: label}
          transform: {set: {said: output.label}}
      """
    try bench.write(try bench.text(of: "small.yaml") + other, to: "small.yaml")
    let merge = try await bench.leaven("merge", "--stage", "quiet", "small.yaml")
    #expect(merge.status == 64 && merge.err.contains("the stage 'quiet' has no merge"))
    #expect(merge.err.contains("hint: name one of these: label"), "\(merge.err)")
    let attempt = try await bench.leaven("try", "--sandbox", "--stage", "quiet", "small.yaml")
    #expect(attempt.status == 64 && attempt.err.contains("the stage 'quiet' asks no model"))
  }

  @Test(arguments: [[:], ["NO_COLOR": "1"], ["TERM": "xterm-256color"], ["TERM": "dumb"]])
  func outputThatIsNoTerminalIsPlain(variables: [String: String]) async throws {
    let bench = try Bench.withTickets(3)
    let outcome = try await bench.leaven(["run", "--sandbox", "small.yaml"], variables: variables)
    #expect(outcome.status == 0)
    #expect(!outcome.said.contains("\u{1B}"))
    #expect(outcome.out.isEmpty, "standard output is for data")
    #expect(outcome.err.contains("merged into out/labelled.sandbox.csv: 3 written"))
  }

  @Test func aClosedPipeEndsQuietly() async throws {
    let bench = try Bench.withTickets(2000, shard: 5000)
    var ends: [Int32] = [0, 0]
    try #require(pipe(&ends) == 0)
    close(ends[0])
    let program = try RunningProgram(
      [LeavenBinary.path, "preview", "-n", "2000", "small.yaml"], in: bench.folder,
      environment: Bench.environment([:]), input: "/dev/null", output: .descriptor(ends[1]),
      errors: bench.path("errors"))
    close(ends[1])
    let ending = await program.ended()
    #expect(ending == .init(status: nil, signal: SIGPIPE) || ending.status == 0)
    #expect(!(try bench.text(of: "errors").contains("error")))
  }

  /// A night's work is not lost because its log takes no more; what no file holds open is not written over.
  @Test(
    .enabled(if: access("/dev/full", W_OK) == 0),
    arguments: ["2>/dev/full", ">/dev/full 2>&1", "<&- >&- 2>&-"])
  func aLogThatTakesNothingStopsNothing(streams: String) async throws {
    let bench = try Bench.withTickets(5)
    let program = try RunningProgram(
      ["/bin/sh", "-c", "exec \"$0\" run --sandbox small.yaml \(streams)", LeavenBinary.path],
      in: bench.folder, environment: Bench.environment([:]), input: "/dev/null",
      output: .file("/dev/null"), errors: "/dev/null")
    #expect(await program.ended() == .init(status: 0, signal: nil))
    #expect(try bench.labelled().allSatisfy(Bench.hasOwnAnswer))
    let status = try RunningProgram(
      ["/bin/sh", "-c", "exec \"$0\" status --sandbox small.yaml >/dev/full", LeavenBinary.path],
      in: bench.folder, environment: Bench.environment([:]), input: "/dev/null",
      output: .file("/dev/null"), errors: bench.path("errors"))
    #expect(await status.ended() == .init(status: 73, signal: nil))
    #expect(try bench.text(of: "errors").contains("standard output cannot be written"))
  }

  @Test func recordsComeOnStandardInput() async throws {
    let bench = try Bench.withTickets(2)
    try bench.writePipeline(source: "stdin: csv")
    let first = try await bench.leaven(
      ["run", "--sandbox", "small.yaml"], input: Bench.tickets(1...10))
    #expect(first.status == 0, "\(first.said)")
    let rows = try bench.labelled()
    #expect(rows.count == 10 && rows.allSatisfy(Bench.hasOwnAnswer))
    // What came before is kept: cron's empty standard input does not take it away.
    let second = try await bench.runSmall()
    #expect(second.status == 0, "\(second.said)")
    #expect(try bench.sandboxCalls("create") == 1)
    let third = try await bench.leaven(
      ["run", "--sandbox", "small.yaml"], input: Bench.tickets(1...11))
    #expect(third.err.contains("1 new, 10 unchanged"), "\(third.said)")
    #expect(try bench.labelled().count == 11)
  }

  @Test func whatIsPipedInIsWhatIsLookedAt() async throws {
    let bench = try Bench.withTickets(2)
    try bench.writePipeline(source: "stdin: csv")
    for verb in ["preview", "plan", "status"] {
      let nothing = try await bench.leaven(verb, "small.yaml")
      #expect(nothing.status == 65 && nothing.err.contains("hint:"), "\(nothing.said)")
    }
    let preview = try await bench.leaven(["preview", "small.yaml"], input: Bench.tickets(7...7))
    #expect(preview.status == 0 && preview.out.contains("t7"), "\(preview.said)")
    let plan = try await bench.leaven(["plan", "small.yaml"], input: Bench.tickets(1...9))
    #expect(plan.status == 0 && plan.out.contains("9"), "\(plan.said)")
    #expect(!bench.has(".leaven/small/stdin"), "a look changes nothing")
    let exported = try await bench.leaven(
      ["export", "--to", "requests", "small.yaml"], input: Bench.tickets(1...9))
    #expect(exported.status == 0 && exported.err.contains("9 requests"), "\(exported.said)")
    let tried = try await bench.leaven(
      ["try", "--sandbox", "-n", "1", "small.yaml"], input: Bench.tickets(5...5))
    #expect(tried.status == 0 && tried.out.contains("t5"), "\(tried.said)")
  }

  #if os(Linux)
    @Test func outputThatCannotBeWrittenIsNoCrash() async throws {
      let bench = try Bench.withTickets(2)
      try await bench.runSmall()
      for (arguments, output, errors, status) in [
        (["status", "--sandbox", "small.yaml"], "/dev/full", bench.path("errors"), Int32(73)),
        (["preview", "small.yaml"], "/dev/full", bench.path("errors"), 73),
        (["run", "--sandbox", "small.yaml"], bench.path("output"), "/dev/full", 0),
        (["status", "--sandbox", "small.yaml"], "/dev/full", "/dev/full", 73),
      ] {
        let program = try RunningProgram(
          [LeavenBinary.path] + arguments, in: bench.folder, environment: Bench.environment([:]),
          input: "/dev/null", output: .file(output), errors: errors)
        #expect(await program.ended() == .init(status: status, signal: nil), "\(arguments)")
      }
      #expect(try bench.text(of: "errors").contains("No space left"))
    }
  #endif

  @Test func theNextStepCanBePasted() async throws {
    let bench = try Bench.withTickets(3)
    try bench.write(try bench.text(of: "small.yaml"), to: "my pipeline.yaml")
    let first = try await bench.leaven(
      "run", "--sandbox", "--once", "--state", "st ate", "my pipeline.yaml")
    #expect(first.status == 0, "\(first.said)")
    let status = try await bench.leaven(
      "status", "--sandbox", "--state", "st ate", "my pipeline.yaml")
    #expect(status.out.contains("next: leaven run --sandbox --state 'st ate' 'my pipeline.yaml'"))
  }

  @Test(arguments: [SIGINT, SIGTERM])
  func interruptionIsSafeAndSaysHowToGoOn(signal: Int32) async throws {
    let bench = try Bench.withTickets(60)
    let sandbox = try SandboxProcess(bench)
    let sent = AsyncStream.makeStream(of: Void.self)
    // The answer to the first create is held back until the program has ended: it is interrupted while it waits.
    let hasEnded = DispatchSemaphore(value: 0)
    let gateway = try Gateway(to: sandbox.port) { moment in
      let isCreate = moment.line.hasSuffix("/batches") && moment.line.hasPrefix("POST")
      if isCreate, moment.point == .answered {
        sent.continuation.yield()
        hasEnded.wait()
        hasEnded.signal()
      }
      return .goesOn
    }
    defer { gateway.stop() }
    let program = try RunningProgram(
      [LeavenBinary.path, "run", "--base-url", gateway.baseURL, "small.yaml"], in: bench.folder,
      environment: Bench.environment(["ANTHROPIC_API_KEY": "k"]), input: "/dev/null",
      output: .file(bench.path("output")), errors: bench.path("errors"))
    for await _ in sent.stream { break }
    program.send(signal)
    #expect(await program.ended() == .init(status: 75, signal: nil))
    hasEnded.signal()
    let said = try bench.text(of: "errors")
    #expect(said.contains("interrupted"))
    #expect(said.contains("the same command goes on from here"))
    let second = try await bench.leaven(
      ["run", "--base-url", gateway.baseURL, "small.yaml"], variables: ["ANTHROPIC_API_KEY": "k"])
    #expect(second.status == 0, "\(second.said)")
    #expect(try await sandbox.meter().rows == 60)
    await sandbox.stop()
  }
}
