import Records
import Testing

/// What a second run sends: what changed, and nothing else.
@Suite struct RerunTests {
  private func ranOnce(_ count: Int = 30, top: String = "") async throws -> Bench {
    let bench = try Bench.withTickets(count, shard: 200, top: top)
    let first = try await bench.runSmall()
    #expect(first.status == 0, "\(first.said)")
    let rows = try bench.labelled()
    #expect(rows.map { $0[0] } == (1...count).map { "t\($0)" })
    #expect(rows.allSatisfy(Bench.hasOwnAnswer))
    #expect(try bench.sandboxCalls("create") == 1)
    return bench
  }

  @Test func aSecondRunSendsNothing() async throws {
    let bench = try await ranOnce()
    let before = try bench.text(of: "out/labelled.sandbox.csv")
    let second = try await bench.runSmall()
    #expect(second.status == 0)
    #expect(try bench.sandboxCalls("create") == 1)
    #expect(try bench.text(of: "out/labelled.sandbox.csv") == before)
    let counts = try await bench.status("--sandbox")["stages"]?.array?.first?["counts"]
    #expect(counts?["accepted"]?.int == 30)
    #expect(counts?["pending"]?.int == 0)
  }

  @Test func aTouchedButUnchangedSourceSendsNothing() async throws {
    let bench = try await ranOnce()
    try bench.write(Bench.tickets(1...30), to: "tickets.csv")
    let second = try await bench.runSmall()
    #expect(!second.err.contains("unchanged"), "\(second.err)")
    #expect(try bench.sandboxCalls("create") == 1)
  }

  @Test func aChangedPromptAsksAgain() async throws {
    let bench = try await ranOnce()
    try bench.writePipeline(prompt: "Sort this.\\n<message>{{ text }}</message>", shard: 200)
    let second = try await bench.runSmall()
    #expect(second.status == 0)
    #expect(second.err.contains("30 asked again"), "\(second.err)")
    #expect(try bench.sandboxCalls("create") == 2)
    // And back: the answers to the first prompt are still there.
    try bench.writePipeline(shard: 200)
    let third = try await bench.runSmall(("--accept-reask"))
    #expect(third.status == 0)
    #expect(try bench.sandboxCalls("create") == 2)
    #expect(try bench.labelled().allSatisfy(Bench.hasOwnAnswer))
  }

  @Test func askingMuchAgainNeedsAWord() async throws {
    let bench = try await ranOnce(120)
    let before = try bench.text(of: "out/labelled.sandbox.csv")
    try bench.writePipeline(prompt: "Sort this.\\n<message>{{ text }}</message>", shard: 200)
    let second = try await bench.runSmall()
    #expect(second.status == 2, "\(second.said)")
    #expect(second.err.contains("120 accepted answers"))
    #expect(second.err.contains("leaven run --accept-reask --sandbox small.yaml"))
    #expect(second.err.contains("accepted answers, at most about $0."), "\(second.err)")
    #expect(try bench.sandboxCalls("create") == 1)
    #expect(try bench.text(of: "out/labelled.sandbox.csv") == before)
    let stubborn = try await bench.runSmall()
    #expect(stubborn.status == 2, "\(stubborn.said)")
    #expect(try bench.sandboxCalls("create") == 1)
    let third = try await bench.runSmall("--accept-reask")
    #expect(third.status == 0, "\(third.said)")
    #expect(try bench.sandboxCalls("create") == 2)
    let fourth = try await bench.runSmall()
    #expect(fourth.status == 0)
    #expect(try bench.sandboxCalls("create") == 2)
  }

  @Test func newAndEditedRecordsGoOnWhileTheReaskWaits() async throws {
    let bench = try await ranOnce(120)
    try bench.writePipeline(prompt: "Sort this.\\n<message>{{ text }}</message>", shard: 200)
    try bench.write(Bench.tickets(1...121), to: "tickets.csv")
    let second = try await bench.runSmall()
    #expect(second.status == 2)
    #expect(try bench.sandboxCalls("create") == 2, "\(second.said)")
    #expect(second.err.contains("submitted 1 request"))
    #expect(second.err.contains("120 accepted answers"))
  }

  @Test func oneEditedRowAsksOnce() async throws {
    let bench = try await ranOnce()
    let edited = try bench.text(of: "tickets.csv")
      .replacing("Ticket number 7 says", with: "Ticket number 7 shouts")
    try bench.write(edited, to: "tickets.csv")
    let second = try await bench.runSmall()
    #expect(second.err.contains("1 edited, 29 unchanged"))
    #expect(second.err.contains("submitted 1 request"))
    let rows = try bench.labelled()
    #expect(rows.count == 30 && rows.allSatisfy(Bench.hasOwnAnswer))
    #expect(rows[6][3].contains("shouts"))
  }

  @Test func aRemovedRowDisappearsAndANewOneIsAskedOnce() async throws {
    let bench = try await ranOnce()
    try bench.write(Bench.tickets(Array(1...30).filter { $0 != 5 } + [31]), to: "tickets.csv")
    let second = try await bench.runSmall()
    #expect(second.status == 0)
    #expect(second.err.contains("1 new"))
    #expect(second.err.contains("1 removed"))
    #expect(second.err.contains("submitted 1 request"))
    let rows = try bench.labelled()
    #expect(rows.map { $0[0] } == (1...31).filter { $0 != 5 }.map { "t\($0)" })
    #expect(rows.allSatisfy(Bench.hasOwnAnswer))
    // It comes back: its answer is still there.
    try bench.write(Bench.tickets(1...31), to: "tickets.csv")
    _ = try await bench.runSmall()
    #expect(try bench.sandboxCalls("create") == 2)
    #expect(try bench.labelled().allSatisfy(Bench.hasOwnAnswer))
  }

  @Test func shuffledRowsKeepTheirAnswers() async throws {
    let bench = try await ranOnce()
    try bench.write(Bench.tickets((1...30).reversed()), to: "tickets.csv")
    _ = try await bench.runSmall()
    #expect(try bench.sandboxCalls("create") == 1)
    let rows = try bench.labelled()
    #expect(rows.map { $0[0] } == (1...30).reversed().map { "t\($0)" })
    #expect(rows.allSatisfy(Bench.hasOwnAnswer))
  }
}
