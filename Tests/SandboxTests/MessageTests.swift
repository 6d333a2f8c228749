import Records
import Sandbox
import Testing

/// The calls that answer at once.
@Suite struct MessageTests {
  @Test func aMessageIsWhole() async throws {
    try await SandboxClient.with { (client) async throws in
      let message = try await client.call("POST", "messages", params("Hello there")).json
      #expect(
        message.members?.map(\.key) == [
          "id", "type", "role", "model", "content", "stop_reason", "stop_sequence", "stop_details",
          "usage",
        ])
      #expect(message["content"]?.array?.first?["text"] == .string("You wrote: “Hello there”"))
      #expect(message["usage"]?["service_tier"] == .string("standard"))
      #expect(message["usage"]?["input_tokens"]?.int == 3)
    }
  }

  @Test func mistakesAreRefusedAtOnce() async throws {
    try await SandboxClient.with { (client) async throws in
      func answer(_ body: String) async throws -> (Int, String) {
        let answer = try await client.call("POST", "messages", body)
        return (answer.status, answer.message)
      }
      let unknown = params("a").replacing("claude-haiku-4-5", with: "gpt-9")
      #expect(try await answer(unknown) == (404, "model: gpt-9"))
      #expect(try await answer("{}") == (400, "model: Field required"))
      #expect(
        try await answer(params("a").replacing("500", with: "0"))
          == (400, "max_tokens: Input should be greater than or equal to 1"))
      #expect(try await answer("{\"model\"").0 == 400)
      #expect(try await answer(params("a", ",\"temperature\":0.5")).0 == 400)
    }
  }

  @Test func tokensAreCounted() async throws {
    try await SandboxClient.with { (client) async throws in
      let body = #"{"model":"claude-haiku-4-5","messages":[{"role":"user","content":"12345678"}]}"#
      let answer = try await client.call("POST", "messages/count_tokens", body)
      #expect(answer.text == #"{"input_tokens":2}"#)
    }
  }

  @Test func aStreamedMessageComesAsEvents() async throws {
    try await SandboxClient.with { (client) async throws in
      let answer = try await client.call(
        "POST", "messages", params("Hello there", ",\"stream\":true"))
      #expect(answer.headers["content-type"] == "text/event-stream")
      let names = answer.text.split(separator: "\n").filter { $0.hasPrefix("event: ") }
      #expect(names.first == "event: message_start" && names.last == "event: message_stop")
      #expect(answer.text.contains(#""type":"text_delta""#))
    }
  }

  @Test func aForcedToolIsCalled() async throws {
    let tool = """
      ,"tools":[{"name":"sort","input_schema":{"type":"object","properties":{"n":{"type":"integer"}}}}],\
      "tool_choice":{"type":"tool","name":"sort"}
      """
    try await SandboxClient.with { (client) async throws in
      let message = try await client.call("POST", "messages", params("Hello", tool)).json
      let block = message["content"]?.array?.first
      #expect(block?["type"] == .string("tool_use") && block?["name"] == .string("sort"))
      #expect((1...5).contains(block?["input"]?["n"]?.int ?? 0))
      #expect(message["stop_reason"] == .string("tool_use"))
    }
  }

  @Test func modelsAreListed() async throws {
    try await SandboxClient.with { (client) async throws in
      let page = try await client.call("GET", "models?limit=3").json
      #expect(page["data"]?.array?.count == 3 && page["has_more"] == .bool(true))
      let model = try await client.call("GET", "models/claude-haiku-4-5").json
      #expect(model["max_tokens"]?.int == 64_000 && model["max_input_tokens"]?.int == 200_000)
      #expect(try await client.call("GET", "models/gpt-9").status == 404)
    }
  }

  @Test func manyCallsAtOnceAreAllAnswered() async throws {
    try await SandboxClient.with { (client) async throws in
      try await withThrowingTaskGroup(of: Int.self) { group in
        for number in 0..<40 {
          group.addTask { try await client.create(["a": params("Number \(number)")]).status }
        }
        for try await status in group { #expect(status == 200) }
      }
      let page = try await client.call("GET", "messages/batches?limit=100").json
      let ids = page["data"]?.array?.compactMap { $0["id"]?.string } ?? []
      #expect(Set(ids).count == 40)
    }
  }
}
