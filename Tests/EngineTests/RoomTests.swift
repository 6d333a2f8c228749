import Engine
import Foundation
import Ledger
import Records
import Sandbox
import TestSupport
import Testing

/// How much an account may have at the provider at one time, over all pipelines of a state root.
@Suite struct RoomTests {
  private static let two = "providers: {anthropic: {in_flight: 2}}"

  /// The most batches that were at the provider at one time, as a run tells it.
  private final class Height: @unchecked Sendable {
    // The lock of `counts` guards both.
    private let lock = NSLock()
    private var most = 0

    func hear(_ event: RunEvent) {
      guard case .standing(let standing) = event else { return }
      lock.withLock { most = max(most, standing.batchesInFlight) }
    }

    var value: Int { lock.withLock { most } }
  }

  @Test func anAccountHasNoMoreBatchesThanItMay() async throws {
    let pipeline = try SandboxedPipeline(shard: 8, top: Self.two)
    let height = Height()
    let outcome = try await pipeline.run(hear: height.hear)
    #expect(outcome.ending.status == .ok)
    #expect(outcome.meter["rows_billed"]?.int == 40 && outcome.meter["batches_created"]?.int == 5)
    #expect(height.value == 2)
    #expect(outcome.events.contains("awaiting account"))
  }

  @Test func aQueueLimitSplitsAndReleasesInWaves() async throws {
    let pipeline = try SandboxedPipeline(
      shard: 30, top: "providers: {anthropic: {queue: {rows: 12}}}")
    let outcome = try await pipeline.run()
    #expect(outcome.ending.status == .ok)
    #expect(outcome.meter["rows_billed"]?.int == 40)
    #expect(outcome.meter["most_per_custom_id"]?.int == 1)
    #expect(try #require(outcome.meter["batches_created"]?.int) >= 4)
    #expect(outcome.output == (try await SandboxedPipeline().run().output))
  }

  @Test func aQueueOfTokensIsKept() async throws {
    // About 80 tokens a request by the high estimate.
    let pipeline = try SandboxedPipeline(
      shard: 40, top: "providers: {anthropic: {queue: {tokens: 900}}}")
    let outcome = try await pipeline.run()
    #expect(outcome.ending.status == .ok)
    #expect(outcome.meter["rows_billed"]?.int == 40)
    #expect(try #require(outcome.meter["batches_created"]?.int) >= 4)
    // A limit below one request lets them go one by one.
    let tiny = try SandboxedPipeline(
      records: 3, top: "providers: {anthropic: {queue: {tokens: 1}}}")
    let slow = try await tiny.run()
    #expect(slow.ending.status == .ok && slow.meter["batches_created"]?.int == 3)
  }

  @Test func pipelinesOfAnAccountShareItsRoom() async throws {
    let first = try SandboxedPipeline(shard: 10, top: Self.two)
    let second = try SandboxedPipeline(shard: 10, top: Self.two, name: "others", beside: first)
    let server = try await first.startSandbox()
    let one = try await first.run(on: server, patience: .once)
    #expect(one.meter["batches_created"]?.int == 2)
    let blocked = try await second.run(on: server, patience: .once)
    #expect(blocked.meter["batches_created"]?.int == 2)
    #expect(blocked.events == ["awaiting account"] && blocked.ending.status == .ok)
    #expect(blocked.ending.wakeAt != nil)
    // The first pipeline is never run again: what it sent ends all the same, and the second learns it.
    let done = try await second.run(on: server)
    #expect(done.ending.status == .ok && done.ending.stages.first?.counts.accepted == 40)
    #expect(done.meter["batches_created"]?.int == 6)
    let rest = try await first.run(on: server)
    await server.stop()
    #expect(rest.ending.stages.first?.counts.accepted == 40)
    #expect(rest.meter["rows_billed"]?.int == 80 && rest.meter["most_per_body"]?.int == 1)
  }

  @Test func whoKeepsTheOthersWaitingIsNamed() async throws {
    let first = try SandboxedPipeline(shard: 10)
    let second = try SandboxedPipeline(records: 5, name: "others", beside: first)
    let server = try await first.startSandbox(
      faults: #"{"calls": [{"route": "create", "calls": {"nth": 1}, "reset": "before_headers"}]}"#)
    _ = try await first.run(on: server, patience: .once)
    // The first one is between intent and answer, and nobody runs it again.
    let soon = try await second.run(on: server, patience: .once)
    #expect(soon.events.isEmpty && soon.ending.status == .ok, "\(soon.events)")
    var waited: [String] = []
    for _ in 0..<40 where waited.isEmpty {
      waited = try await second.run(on: server, patience: .once).events
    }
    #expect(waited.count == 1)
    #expect(
      waited.first?.hasPrefix("warning: pipeline 'passages@sandbox' was ended 30 min ago") == true)
    _ = try await first.run(on: server)
    let done = try await second.run(on: server)
    await server.stop()
    #expect(done.ending.status == .ok && done.meter["rows_billed"]?.int == 45)
    #expect(done.meter["most_per_body"]?.int == 1)
  }

  @Test func aDeletedStateFolderHoldsNoRoom() async throws {
    let pipeline = try SandboxedPipeline(shard: 10, top: Self.two)
    let server = try await pipeline.startSandbox()
    _ = try await pipeline.run(on: server, patience: .once)
    try FileManager.default.removeItem(atPath: pipeline.scratch.path("state/passages@sandbox"))
    let blocked = try await pipeline.run(on: server, patience: .once)
    #expect(blocked.events == ["awaiting account"])
    let done = try await pipeline.run(on: server)
    await server.stop()
    #expect(done.ending.status == .ok && done.ending.stages.first?.counts.accepted == 40)
  }

  @Test func whatTheProviderDoesNotKnowHoldsNoRoom() async throws {
    let pipeline = try SandboxedPipeline(shard: 10, top: "providers: {anthropic: {in_flight: 1}}")
    let server = try await pipeline.startSandbox()
    let book = try AccountBook.open(inRoot: pipeline.scratch.path("state"))
    let account = "anthropic http://127.0.0.1:\(server.port ?? 0)"
    for id in ["msgbatch_gone", nil] {
      try book.declare(
        [
          AccountBook.InFlight(
            pipeline: "lost", provider: "p", shard: 1, remoteID: id, requestCount: 9, inputTokens: 9
          )
        ], pipeline: "lost", provider: "p\(id ?? "")", account: account, known: [])
    }
    #expect(try book.inFlight(account: account).count == 2)
    let outcome = try await pipeline.run(on: server)
    await server.stop()
    #expect(outcome.ending.status == .ok && outcome.meter["rows_billed"]?.int == 40)
    #expect(try book.inFlight(account: account).isEmpty)
  }
}
