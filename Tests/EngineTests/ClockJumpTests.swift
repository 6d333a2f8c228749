import Engine
import Ledger
import Records
import Sandbox
import Synchronization
import TestSupport
import Testing

/// The machine's clock is set forward and back between ticks; the provider's goes on as clocks do.
@Suite struct ClockJumpTests {
  /// What the two clocks show, in milliseconds.
  private final class Clocks: Sendable {
    let machine = Mutex<Int64>(1_800_000_000_000)
    let provider = Mutex<Int64>(1_800_000_000_000)

    /// Lets the provider's time pass.
    func pass(minutes: Int64) { provider.withLock { $0 += minutes * 60_000 } }

    /// Sets the machine's clock, off from the provider's by so many days.
    func set(daysAhead days: Int64) {
      let now = provider.withLock { $0 }
      machine.withLock { $0 = now + days * 86_400_000 }
    }
  }

  private static let jumps: [Int64] = [0, 400, -30, 0, 60, -400, 1]

  private func startSandbox(
    of pipeline: SandboxedPipeline, _ clocks: Clocks, faults: String
  ) async throws -> SandboxServer {
    var configuration = SandboxConfiguration(clock: .wall)
    configuration.directory = pipeline.scratch.path("sandbox")
    configuration.batchDuration = .seconds(600) ... .seconds(600)
    configuration.wallClock = { clocks.provider.withLock { $0 } }
    configuration.faults = try FaultScript(parsing: Array(faults.utf8), name: "faults")
    let server = SandboxServer(configuration)
    try await server.start()
    return server
  }

  /// One tick, by the machine's clock.
  private func tick(
    _ pipeline: SandboxedPipeline, _ server: SandboxServer, _ clocks: Clocks
  ) async throws -> SandboxedPipeline.Outcome {
    try await pipeline.run(
      on: server, patience: .once,
      change: { settings in
        settings.sandboxKey = nil
        settings.variable = { _ in "key" }
        settings.now = { clocks.machine.withLock { $0 } }
      })
  }

  @Test(arguments: [
    "{}",
    #"{"calls": [{"route": "create", "calls": {"nth": 1}, "reset": "after_store"}]}"#,
    #"{"calls": [{"route": "create", "calls": {"nth": 2}, "reset": "before_headers"}]}"#,
  ])
  func aNightWithJumpsIsAnOrdinaryNight(_ faults: String) async throws {
    let seat = await ServerSeat.take()
    defer { withExtendedLifetime(seat) {} }
    let pipeline = try SandboxedPipeline()
    let clocks = Clocks()
    let server = try await startSandbox(of: pipeline, clocks, faults: faults)
    var ticks = 0
    var outcome = try await tick(pipeline, server, clocks)
    while outcome.ending.wakeAt != nil, ticks < 60 {
      ticks += 1
      clocks.pass(minutes: 5)
      clocks.set(daysAhead: Self.jumps[ticks % Self.jumps.count])
      outcome = try await tick(pipeline, server, clocks)
    }
    await server.stop()
    #expect(outcome.ending.status == .ok && ticks < 60)
    #expect(outcome.ending.stages.first?.counts.accepted == 40, "\(ticks) \(outcome.ending)")
    #expect(outcome.meter["rows_billed"]?.int == 40 && outcome.meter["batches_created"]?.int == 3)
  }

  @Test func aWaitThatWasSetByAClockAheadIsOver() async throws {
    let pipeline = try SandboxedPipeline()
    let server = try await pipeline.startSandbox(faults: #"{"limits": {"rows_in_queue": 20}}"#)
    _ = try await pipeline.run(on: server, patience: .once)
    let ledger = try RunLedger.open(
      inFolder: pipeline.scratch.path("state/passages@sandbox"), pipeline: "passages@sandbox",
      file: pipeline.scratch.path("passages.yaml"), isSandbox: .yes, now: 0)
    // A shard that found no room waits ten minutes: by a clock that is put back by a year afterwards.
    var shard = try #require(try ledger.openShards().first { $0.state == .packed })
    shard.nextPollAt = try #require(shard.nextPollAt) + 365 * 86_400_000
    try ledger.update(shard)
    let outcome = try await pipeline.run(on: server)
    await server.stop()
    let run = try #require(outcome.ending.run)
    #expect(try #require(run.endedAt) - run.startedAt < 86_400_000)
    #expect(outcome.meter["rows_billed"]?.int == 40)
  }

  @Test func aMinuteIsNotTenBecauseTheClockWasPutForward() async throws {
    let seat = await ServerSeat.take()
    defer { withExtendedLifetime(seat) {} }
    let pipeline = try SandboxedPipeline(records: 5)
    let clocks = Clocks()
    let server = try await startSandbox(
      of: pipeline, clocks,
      faults: #"{"calls": [{"route": "create", "calls": {"nth": 1}, "reset": "before_headers"}]}"#)
    _ = try await tick(pipeline, server, clocks)
    _ = try await tick(pipeline, server, clocks)
    for days in [1, 2, -5, 3] as [Int64] {
      clocks.pass(minutes: 1)
      clocks.set(daysAhead: days)
      _ = try await tick(pipeline, server, clocks)
      // Four minutes after the connection broke the batch may still turn up.
      #expect(try pipeline.calls().filter { $0 == "create" }.count == 1)
    }
    var ticks = 0
    while try pipeline.calls().filter({ $0 == "create" }).count == 1, ticks < 20 {
      clocks.pass(minutes: 4)
      clocks.set(daysAhead: 3)
      _ = try await tick(pipeline, server, clocks)
      ticks += 1
    }
    await server.stop()
    #expect((2...6).contains(ticks), "\(ticks)")
  }
}
