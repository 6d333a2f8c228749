import Engine
import Records
import Testing

/// The provider's own queue is full.
@Suite struct QueueLimitTests {
  @Test func aBatchThatFindsNoRoomWaitsForTheOthers() async throws {
    // Room for one batch of fifteen at a time: the second one waits until the first has ended.
    let pipeline = try SandboxedPipeline()
    let outcome = try await pipeline.run(faults: #"{"limits": {"rows_in_queue": 20}}"#)
    #expect(outcome.runs == 1, "\(outcome.events)")
    #expect(outcome.ending.status == .ok)
    #expect(outcome.meter["rows_billed"]?.int == 40)
    #expect(outcome.meter["most_per_custom_id"]?.int == 1)
    #expect(outcome.events.contains { $0.contains("takes no more for now") }, "\(outcome.events)")
  }

  @Test func withNothingInFlightTheRunEnds() async throws {
    let pipeline = try SandboxedPipeline()
    let faults = #"{"limits": {"rows_in_queue": 10}}"#
    await #expect(throws: RunError.self) { try await pipeline.run(faults: faults, limit: 2) }
  }
}
