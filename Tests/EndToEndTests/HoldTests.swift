import Records
import Testing

@Suite struct HoldTests {
  @Test func cancelHoldsUntilReleased() async throws {
    let bench = try Bench.withTickets(30)
    let first = try await bench.runSmall("--once")
    #expect(first.status == 0)
    #expect(first.err.contains("30 pending"))
    let canceled = try await bench.leaven("cancel", "--sandbox", "small.yaml")
    #expect(canceled.status == 0)
    #expect(canceled.err.contains("on hold"))
    let creates = try bench.sandboxCalls("create")
    // Ticks on hold collect what is over and send nothing.
    for _ in 1...3 {
      let held = try await bench.runSmall("--once")
      #expect(held.status == 0)
      #expect(held.err.contains("held since"))
      #expect(held.err.contains("leaven run --release --sandbox small.yaml"))
    }
    #expect(try bench.sandboxCalls("create") == creates)
    #expect(try await bench.status("--sandbox")["held_since"]?.string != nil)
    let code = try await bench.leaven("status", "--sandbox", "--exit-code", "small.yaml")
    #expect(code.status == 75)
    let released = try await bench.runSmall("--release")
    #expect(released.status == 0, "\(released.said)")
    let rows = try bench.labelled()
    #expect(rows.count == 30 && rows.allSatisfy(Bench.hasOwnAnswer))
    #expect(try await bench.status("--sandbox")["held_since"] == .null)
  }
}
