import Foundation
import Records
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// Trouble that passes or that a person mends: a sentence and a next step, and nothing is lost.
@Suite struct TroubleTests {
  private static let key = ["ANTHROPIC_API_KEY": "k"]

  /// Expects an error with a hint.
  private func expect(
    _ outcome: Bench.Outcome, status: Int32, _ words: String...,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(outcome.status == status, "\(outcome.said)", sourceLocation: sourceLocation)
    for words in words {
      #expect(
        outcome.err.contains(words), "\(words) is not in: \(outcome.err)",
        sourceLocation: sourceLocation)
    }
    #expect(outcome.err.contains("hint:"), "\(outcome.err)", sourceLocation: sourceLocation)
  }

  @Test func aMissingKeyIsSaidBeforeAnyWork() async throws {
    let bench = try Bench.withTickets(3)
    let outcome = try await bench.leaven("run", "small.yaml")
    expect(outcome, status: 65, "ANTHROPIC_API_KEY", "--sandbox")
    #expect(!bench.has(".leaven/small/ledger.sqlite"))
  }

  @Test func aWrongKeyIsRefusedAndNeverShown() async throws {
    let bench = try Bench.withTickets(3)
    let sandbox = try SandboxProcess(bench, ["--virtual", "--key", "right-key"])
    let outcome = try await bench.leaven(
      ["run", "--base-url", sandbox.baseURL, "small.yaml"],
      variables: ["ANTHROPIC_API_KEY": "sk-ant-wrong-key"])
    expect(outcome, status: 69)
    #expect(!outcome.said.contains("sk-ant-wrong-key"))
    let right = try await bench.leaven(
      ["run", "--base-url", sandbox.baseURL, "small.yaml"],
      variables: ["ANTHROPIC_API_KEY": "right-key"])
    #expect(right.status == 0, "\(right.said)")
    await sandbox.stop()
  }

  @Test func anUnreachableHostIsTrouble() async throws {
    let bench = try Bench.withTickets(3)
    let outcome = try await bench.leaven(
      ["run", "--once", "--base-url", "http://127.0.0.1:1/anthropic", "small.yaml"],
      variables: Self.key)
    expect(outcome, status: 75, "127.0.0.1:1")
  }

  /// A name that only the proxy knows; the sandbox takes a proxy's calls for its own.
  @Test func proxiesComeFromTheEnvironment() async throws {
    let bench = try Bench.withTickets(3)
    let sandbox = try SandboxProcess(bench, ["--virtual"])
    let arguments = ["run", "--base-url", "http://provider.test/anthropic", "small.yaml"]
    func run(_ variables: [String: String]) async throws -> Bench.Outcome {
      try await bench.leaven(arguments, variables: Self.key.merging(variables) { $1 })
    }
    let proxy = "http://127.0.0.1:\(sandbox.port)"
    let without = try await run(["http_proxy": proxy, "no_proxy": "provider.test"])
    expect(without, status: 75, "has no address", "proxy settings")
    expect(try await run(["http_proxy": "http://127.0.0.1:1"]), status: 75, "proxy settings")
    let through = try await run(["http_proxy": proxy])
    #expect(through.status == 0, "\(through.said)")
    #expect(try await sandbox.meter().rows == 3)
    await sandbox.stop()
  }

  @Test func aPortInUseIsSaid() async throws {
    let bench = try Bench()
    let sandbox = try SandboxProcess(bench)
    let outcome = try await bench.leaven("sandbox", "--port", "\(sandbox.port)")
    expect(outcome, status: 73, "port \(sandbox.port) is in use", "--port 0")
    let other = try await bench.leaven("sandbox", "--port", "0", "--dir", "sandbox")
    expect(other, status: 73)
    await sandbox.stop()
  }

  @Test func anOutputThatCannotBeWrittenLosesNothing() async throws {
    let bench = try Bench.withTickets(5)
    // A folder stands where the file is to be: this also stops root.
    try bench.write("", to: "out/labelled.sandbox.csv/inside")
    let outcome = try await bench.runSmall()
    expect(outcome, status: 73, "labelled.sandbox.csv")
    try FileManager.default.removeItem(atPath: bench.path("out/labelled.sandbox.csv"))
    let again = try await bench.runSmall()
    #expect(again.status == 0, "\(again.said)")
    #expect(try bench.sandboxCalls("create") == 1)
    #expect(try bench.labelled().allSatisfy(Bench.hasOwnAnswer))
  }

  @Test func aStateFolderThatCannotBeMadeIsSaid() async throws {
    let bench = try Bench.withTickets(5)
    try bench.write("a file", to: "state")
    let outcome = try await bench.leaven("run", "--sandbox", "--state", "state", "small.yaml")
    expect(outcome, status: 73, "state")
  }

  @Test func aCorruptLedgerIsNotTouched() async throws {
    let bench = try Bench.withTickets(5)
    try await bench.runSmall()
    let ledger = ".leaven/small@sandbox/ledger.sqlite"
    for suffix in ["-wal", "-shm"] {
      // They are there only when the last connection could not take them away.
      try? FileManager.default.removeItem(atPath: bench.path(ledger + suffix))
    }
    let garbage = [UInt8](repeating: 0x5A, count: 40_000)
    try bench.scratch.write(garbage, to: ledger)
    for arguments in [
      ["run", "--sandbox", "small.yaml"], ["status", "--sandbox", "small.yaml"],
      ["failures", "--sandbox", "small.yaml"], ["merge", "--sandbox", "small.yaml"],
    ] {
      let outcome = try await bench.leaven(arguments)
      expect(outcome, status: 65, "ledger.sqlite")
    }
    #expect(try bench.scratch.bytes(of: ledger) == garbage)
  }

  @Test func anEmptiedLedgerIsNotTakenForANewOne() async throws {
    let bench = try Bench.withTickets(5)
    try await bench.runSmall()
    let ledger = ".leaven/small@sandbox/ledger.sqlite"
    for suffix in ["-wal", "-shm"] {
      // They are there only when the last connection could not take them away.
      try? FileManager.default.removeItem(atPath: bench.path(ledger + suffix))
    }
    try bench.scratch.write([], to: ledger)
    for verb in ["run", "status"] {
      expect(try await bench.leaven(verb, "--sandbox", "small.yaml"), status: 65, "ledger.sqlite")
    }
    #expect(try bench.sandboxCalls("create") == 1)
  }

  @Test func aSourceThatIsAwayKeepsNothingElseFromGoingOn() async throws {
    let bench = try Bench.withTickets(5)
    let first = try await bench.runSmall("--once")
    #expect(first.status == 0, "\(first.said)")
    let tickets = try bench.text(of: "tickets.csv")
    try FileManager.default.removeItem(atPath: bench.path("tickets.csv"))
    for verb in ["status", "failures", "history", "cancel"] {
      let outcome = try await bench.leaven(verb, "--sandbox", "small.yaml")
      #expect(outcome.status == 0, "\(verb): \(outcome.said)")
    }
    // What was sent comes in all the same; why no more is done is said every time.
    var inFlight: Int?
    for _ in 0..<200 where inFlight != 0 {
      let outcome = try await bench.runSmall("--once")
      #expect(outcome.status == 65 && outcome.err.contains("tickets.csv"), "\(outcome.said)")
      let status = try await bench.status("--sandbox")
      inFlight = status["stages"]?.array?.first?["batches_in_flight"]?.int
    }
    #expect(inFlight == 0)
    let ended = try await bench.leaven("status", "--sandbox", "--exit-code", "small.yaml")
    #expect(ended.status == 75, "it is on hold: \(ended.said)")
    try bench.write(tickets, to: "tickets.csv")
    let last = try await bench.runSmall("--release")
    #expect(last.status == 0, "\(last.said)")
    #expect(try bench.labelled().allSatisfy(Bench.hasOwnAnswer))
  }

  @Test func aPipelineReachedThroughALinkIsTheSame() async throws {
    let bench = try Bench.withTickets(5)
    try await bench.runSmall()
    try FileManager.default.createSymbolicLink(
      atPath: bench.path("link"), withDestinationPath: bench.folder)
    let outcome = try await bench.leaven("run", "--sandbox", "link/small.yaml")
    #expect(outcome.status == 0, "\(outcome.said)")
    #expect(try bench.sandboxCalls("create") == 1)
  }

  @Test func statusEndsWithWhatTheLastRunEndedWith() async throws {
    let bench = try Bench.withTickets(5)
    try bench.writePipeline(top: "budget: {usd: 0.0000001}")
    let run = try await bench.runSmall()
    #expect(run.status == 2, "\(run.said)")
    let status = try await bench.leaven("status", "--sandbox", "--exit-code", "small.yaml")
    #expect(
      status.status == 2 && status.out.contains("the last run ended with 2: "), "\(status.said)")
  }

  @Test func aDamagedLedgerPageIsSaid() async throws {
    let bench = try Bench.withTickets(200, shard: 500)
    try await bench.runSmall()
    let ledger = ".leaven/small@sandbox/ledger.sqlite"
    var bytes = try bench.scratch.bytes(of: ledger)
    try #require(bytes.count > 16_384)
    for place in stride(from: 8192, to: bytes.count, by: 7) { bytes[place] ^= 0x5A }
    try bench.scratch.write(bytes, to: ledger)
    try bench.write(Bench.tickets(1...201), to: "tickets.csv")
    let outcome = try await bench.runSmall()
    expect(outcome, status: 65, "ledger.sqlite")
  }

  @Test func aLedgerOfANewerVersionIsNotTouched() async throws {
    let bench = try Bench.withTickets(5)
    try await bench.runSmall()
    let ledger = ".leaven/small@sandbox/ledger.sqlite"
    try bench.execute("INSERT INTO grdb_migrations VALUES ('from-the-future')", in: ledger)
    let outcome = try await bench.runSmall()
    expect(outcome, status: 65, "newer")
  }

  @Test func aLedgerOfAnotherPipelineIsRefused() async throws {
    let bench = try Bench.withTickets(5)
    try await bench.runSmall()
    try bench.write(try bench.text(of: "small.yaml"), to: "copy.yaml")
    let outcome = try await bench.leaven("run", "--sandbox", "copy.yaml")
    expect(outcome, status: 65, "small.yaml")
  }

  @Test func aSecondRunWhileOneRunsSaysSo() async throws {
    let bench = try Bench.withTickets(40)
    let sandbox = try SandboxProcess(bench)
    let stopped = AsyncStream.makeStream(of: Void.self)
    let goOn = DispatchSemaphore(value: 0)
    let gateway = try Gateway(to: sandbox.port) { moment in
      // The first create of the first run is held up while the second one runs.
      guard moment.line == "POST /anthropic/v1/messages/batches", moment.point == .asked else {
        return .goesOn
      }
      stopped.continuation.yield()
      goOn.wait()
      goOn.signal()
      return .goesOn
    }
    defer { gateway.stop() }
    let arguments = ["run", "--base-url", gateway.baseURL, "small.yaml"]
    let first = try bench.start(arguments, variables: Self.key)
    for await _ in stopped.stream { break }
    let second = try await bench.leaven(arguments, variables: Self.key)
    #expect(second.status == 0)
    #expect(second.err.contains("another run of small.yaml is at work"), "\(second.said)")
    goOn.signal()
    #expect(await first.ended() == .init(status: 0, signal: nil))
    #expect(try await sandbox.meter().rows == 40)
    await sandbox.stop()
  }

  @Test func aPipelineEditedWhileBatchesAreInFlightLosesNothing() async throws {
    let bench = try Bench.withTickets(30)
    try await bench.runSmall("--once")
    try bench.writePipeline(prompt: "Sort this.\\n<message>{{ text }}</message>")
    let second = try await bench.runSmall()
    #expect(second.status == 0, "\(second.said)")
    #expect(second.err.contains("superseded"), "\(second.said)")
    #expect(try bench.labelled().allSatisfy(Bench.hasOwnAnswer))
    // The answers that nobody wanted any more are kept: going back costs nothing.
    let calls = try bench.sandboxCalls("create")
    try bench.writePipeline()
    let third = try await bench.runSmall()
    #expect(third.status == 0)
    #expect(try bench.sandboxCalls("create") == calls)
  }

  @Test func aFullDiskLosesNothing() async throws {
    let bench = try Bench.withTickets(1)
    let disk = bench.path("disk")
    try FileManager.default.createDirectory(atPath: disk, withIntermediateDirectories: true)
    guard try await Self.mount(disk) else {
      FileHandle.standardError.write(Data("SKIPPED: a full disk needs root and mount\n".utf8))
      return
    }
    do {
      try await fillUp(bench, disk)
    } catch {
      await Self.unmount(disk)
      throw error
    }
    await Self.unmount(disk)
  }

  private func fillUp(_ bench: Bench, _ disk: String) async throws {
    let sandbox = try SandboxProcess(bench)
    let arguments = [
      "run", "--base-url", sandbox.baseURL, "--state", disk + "/state", "small.yaml",
    ]
    #expect(try await bench.leaven(arguments, variables: Self.key).status == 0)
    try bench.write(Bench.tickets(1...2000), to: "tickets.csv")
    try bench.writePipeline(shard: 5000)
    let full = try await bench.leaven(arguments, variables: Self.key)
    expect(full, status: 73)
    // Somebody makes room.
    #expect(try await Self.system("/bin/mount", "-o", "remount,size=64m", disk))
    let roomy = try await bench.leaven(arguments, variables: Self.key)
    #expect(roomy.status == 0, "\(roomy.said)")
    let rows = try bench.labelled()
    #expect(rows.count == 2000 && rows.allSatisfy(Bench.hasOwnAnswer))
    #expect(try await sandbox.meter().mostPerCustomID == 1)
    await sandbox.stop()
  }

  private static func mount(_ folder: String) async throws -> Bool {
    guard getuid() == 0, FileManager.default.isExecutableFile(atPath: "/bin/mount") else {
      return false
    }
    return try await system("/bin/mount", "-t", "tmpfs", "-o", "size=700k", "leaven-test", folder)
  }

  private static func unmount(_ folder: String) async {
    // A folder that stays mounted is left to the machine's next start.
    _ = try? await system("/bin/umount", folder)
  }

  private static func system(_ words: String...) async throws -> Bool {
    let program = try RunningProgram(
      words, in: "/", environment: Bench.environment([:]), input: "/dev/null",
      output: .file("/dev/null"), errors: "/dev/null")
    return await program.ended().status == 0
  }
}
