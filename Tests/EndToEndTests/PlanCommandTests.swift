import Records
import Testing

/// `leaven plan` as people and programs see it.
@Suite struct PlanCommandTests {
  @Test func theTableNamesEveryChangeWithItsMoney() async throws {
    let bench = try Bench.withTickets(30)
    let first = try await bench.leaven("plan", "--sandbox", "small.yaml")
    #expect(first.status == 0, "\(first.said)")
    #expect(first.out.contains("new  30  30 requests  $0."), "\(first.out)")
    #expect(first.out.contains("2 shards in 1 wave"), "\(first.out)")
    #expect(!bench.has(".leaven"))
    try await bench.runSmall()
    let settled = try await bench.leaven("plan", "--sandbox", "small.yaml")
    #expect(settled.out.contains("unchanged  30  no request"), "\(settled.out)")
    #expect(settled.out.hasSuffix("nothing to send\n"), "\(settled.out)")
    let edited = try bench.text(of: "tickets.csv")
      .replacing("Ticket number 7 says", with: "Ticket number 7 shouts")
    try bench.write(edited, to: "tickets.csv")
    let second = try await bench.leaven("plan", "--sandbox", "small.yaml")
    #expect(second.out.contains("changed: record   1  1 request"), "\(second.out)")
    let run = try await bench.runSmall()
    #expect(run.err.contains("1 edited, 29 unchanged; 1 shard to send, about $0."), "\(run.err)")
  }

  @Test func theProvidersCounterIsAskedWhenThatIsWished() async throws {
    let bench = try Bench.withTickets(30)
    let table = try await bench.leaven("plan", "--sandbox", "--count-tokens", "4", "small.yaml")
    #expect(table.status == 0, "\(table.said)")
    #expect(table.out.contains("    input by the provider's counter: "), "\(table.out)")
    let json = try await bench.leaven(
      "plan", "--sandbox", "--json", "--count-tokens", "4", "small.yaml")
    let counted = try JSONValue(parsing: json.out)["stages"]?.array?.first?["counted"]
    #expect((2...4).contains(counted?["requests"]?.int ?? 0), "\(json.out)")
    #expect(
      (counted?["input_tokens"]?.int ?? 0) > 0 && (counted?["estimated_tokens"]?.int ?? 0) > 0)
    #expect(try await bench.leaven("plan", "--count-tokens", "0", "small.yaml").status == 64)
  }

  @Test func theJSONIsItsContract() async throws {
    let bench = try Bench.withTickets(5)
    try await bench.runSmall()
    try bench.writePipeline(prompt: "Sort this.\\n<message>{{ text }}</message>")
    let outcome = try await bench.leaven("plan", "--sandbox", "--json", "small.yaml")
    let plan = try JSONValue(parsing: outcome.out)
    #expect(plan["name"]?.string == "small@sandbox")
    let stage = try #require(plan["stages"]?.array?.first)
    let change = try #require(stage["changes"]?.array?.first)
    #expect(change["reason"]?.string == "changed")
    #expect(change["because"]?.array == [.string("template")])
    #expect(change["records"]?.int == 5 && change["requests"]?.int == 5)
    for member in ["low", "likely", "high"] {
      #expect((change["cost_usd"]?[member]?.double ?? 0) > 0)
      #expect((plan["total"]?["input_tokens"]?[member]?.int ?? 0) > 0)
    }
    let batch = try #require(plan["total"]?["cost_usd"]?["likely"]?.double)
    let synchronous = try #require(plan["synchronous_usd"]?["likely"]?.double)
    #expect(abs(synchronous - 2 * batch) < 1e-9)
    #expect(stage["downstream"] == .null && stage["needs_yes"]?.bool == false)
  }
}
