import Records
import Testing

@Suite struct PreviewTests {
  @Test func showsRequestsAsTheyWouldBeSent() async throws {
    let bench = try Bench.withTickets(5)
    let outcome = try await bench.leaven("preview", "small.yaml", "-n", "1")
    #expect(outcome.status == 0)
    let request = try JSONValue(parsing: outcome.out)
    #expect(request["custom_id"]?.string == "t1")
    let params = request["params"]
    #expect(params?["model"]?.string == "claude-haiku-4-5")
    #expect(params?["max_tokens"]?.int == 100)
    let message = params?["messages"]?.array?.first
    #expect(message?["role"]?.string == "user")
    #expect(message?["content"]?.string == "<message>\(Bench.ticket(1))</message>")
    #expect(!bench.has(".leaven/small/ledger.sqlite"))
  }

  @Test func showsTheRecordWithAKey() async throws {
    let bench = try Bench.withTickets(5)
    let outcome = try await bench.leaven("preview", "small.yaml", "--key", "t4")
    #expect(try JSONValue(parsing: outcome.out)["custom_id"]?.string == "t4")
    let none = try await bench.leaven("preview", "small.yaml", "--key", "t6")
    #expect(none.status == 65)
    #expect(none.err.contains("t6"))
  }

  @Test func templatesAreReadAsThePipelineSays() async throws {
    let bench = try Bench.withTickets(1)
    let prompt = "a\\n  {% if true %}\\n{{ text[:6] }}{% endif %}"
    func said(_ top: String) async throws -> String? {
      try bench.writePipeline(prompt: prompt, top: top)
      let preview = try await bench.leaven("preview", "small.yaml")
      let request = try JSONValue(parsing: preview.out)
      return request["params"]?["messages"]?.array?.first?["content"]?.string
    }
    #expect(try await said("") == "a\n  \nTicket")
    #expect(try await said("templates: {trim_blocks: true, lstrip_blocks: true}") == "a\nTicket")
    try bench.writePipeline(prompt: "{{ text * 100 }}", top: "templates: {max_output: 4kB}")
    let run = try await bench.runSmall()
    #expect(run.status == 1, "\(run.said)")
    let failures = try await bench.leaven("failures", "--sandbox", "small.yaml")
    #expect(failures.out.contains("template-error"), "\(failures.said)")
  }
}
