import Foundation
import Records
import Sandbox
import Testing

/// Bad nights at OpenAI and Gemini: each in its own words, and counted by provider.
@Suite struct ProviderFaultTests {
  private func with<Value>(
    _ script: String, _ body: (SandboxClient) async throws -> Value
  ) async throws -> Value {
    try await SandboxClient.with(
      { $0.faults = try FaultScript(parsing: Array(script.utf8), name: "f") }, body)
  }

  @Test func refusalsAreInTheProvidersShape() async throws {
    let script = """
      {"calls": [
        {"api": "openai", "route": "create", "calls": {"nth": 1}, "status": 429, "type": "insufficient_quota",
          "code": "credit_balance_exhausted", "message": "no credit"},
        {"api": "openai", "route": "upload", "calls": {"nth": 2}, "status": 503, "headers": {"retry-after": "121"}},
        {"api": "gemini", "route": "create", "calls": {"nth": 1}, "status": 503},
        {"route": "models", "status": 500}]}
      """
    try await with(script) { (client) async throws in
      let file = try await client.upload(chatLine("a", "Hello") + "\n").json["id"]?.string ?? ""
      let body = """
        {"input_file_id":"\(file)","endpoint":"/v1/chat/completions","completion_window":"24h"}
        """
      let quota = try await client.openAI("POST", "batches", body)
      #expect(quota.status == 429)
      #expect(
        quota.text == #"{"error":{"message":"no credit","type":"insufficient_quota","param":null,"#
          + #""code":"credit_balance_exhausted"}}"#)
      #expect(try await client.openAI("POST", "batches", body).status == 200)
      let busy = try await client.upload(chatLine("a", "Hello"))
      #expect(busy.status == 503 && busy.headers["retry-after"] == "121")
      #expect(busy.json["error"]?["type"] == .string("service_unavailable_error"))
      // Anthropic's creates are counted by themselves: its first is not the provider's third.
      #expect(try await client.create(["a": params("Hello")]).status == 200)
      #expect(try await client.geminiBatch([generateLine("a", "Hello")]).isEmpty)
      #expect(try await client.geminiBatch([generateLine("a", "Hello")]).isEmpty == false)
      let down = try await client.gemini("GET", "v1/models")
      #expect(down.json["error"]?["status"] == .string("INTERNAL"))
      let other = try await client.openAI("GET", "models")
      #expect(other.json["error"]?["type"] == .string("server_error"))
    }
  }

  @Test func lostAnswersLeaveOrphansThatTheirMarkerNames() async throws {
    let script = """
      {"calls": [{"route": "create", "calls": {"nth": 1}, "reset": "after_store"},
        {"api": "openai", "route": "content", "calls": {"nth": 1}, "reset": "mid_body", "after_bytes": 300},
        {"api": "gemini", "route": "content", "calls": {"nth": 1}, "cut_after_bytes": 100},
        {"api": "gemini", "route": "upload_bytes", "calls": {"nth": 2}, "reset": "before_headers"}]}
      """
    try await with(script) { (client) async throws in
      let line = chatLine("a", "Hello")
      await #expect(throws: URLError.self) {
        try await client.openAIBatch([line], metadata: #"{"marker":"m-7"}"#)
      }
      let orphan = try await client.openAI("GET", "batches").json["data"]?.array?.first
      #expect(orphan?["metadata"]?["marker"] == .string("m-7"))
      await #expect(throws: URLError.self) {
        try await client.geminiBatch([generateLine("a", "Hello")])
      }
      let other = try await client.gemini("GET", "v1/batches").json["operations"]?.array?.first
      #expect(other?["metadata"]?["displayName"] == .string("d"))
      await #expect(throws: URLError.self) {
        try await client.geminiBatch([generateLine("a", "Hello")])
      }
      try await client.advance(hours: 1)
      let done = try await client.openAIStatus(orphan?["id"]?.string ?? "")
      await #expect(throws: URLError.self) {
        try await client.openAIRows(done, "output_file_id")
      }
      #expect(try await client.openAIRows(done, "output_file_id").count == 1)
      let operation = try await client.geminiOperation(other?["name"]?.string ?? "")
      #expect(try await client.geminiRows(operation).isEmpty)
      #expect(try await client.geminiRows(operation).count == 1)
    }
  }

  @Test func resultsAreMangledInTheProvidersForm() async throws {
    let script = """
      {"calls": [{"route": "content", "mangle": ["unknown_ids", "duplicate_rows", "extra_fields", "no_final_newline"]}],
       "switches": {"order": "source"}}
      """
    try await with(script) { (client) async throws in
      let id = try await client.openAIBatch([chatLine("a", "Hello"), chatLine("b", "World")])
      let name = try await client.geminiBatch(
        [generateLine("a", "Hello"), generateLine("b", "World")])
      try await client.advance(hours: 1)
      let file = try await client.openAIStatus(id)["output_file_id"]?.string ?? ""
      let answer = try await client.openAI("GET", "files/\(file)/content")
      #expect(
        answer.rows.map { $0["custom_id"]?.string } == ["nobody-asked", "a", "a", "b"])
      #expect(answer.body.last != 0x0A && answer.rows.last?["trace"] != nil)
      let operation = try await client.geminiOperation(name)
      #expect(try await client.geminiRows(operation).keys.sorted() == ["a", "b", "nobody-asked"])
    }
  }

  @Test func aBatchFailsAtALineWhenToldTo() async throws {
    let script = """
      {"batches": [{"which": {"nth": 1}, "failure":
        {"code": "invalid_request", "message": "Not this one.", "param": "body.messages", "line": 2}}]}
      """
    try await with(script) { (client) async throws in
      let id = try await client.openAIBatch([chatLine("a", "Hello"), chatLine("b", "World")])
      try await client.advance(hours: 0.1)
      let errors = try await client.openAIStatus(id)["errors"]?["data"]
      #expect(
        errors?.compact
          == #"[{"code":"invalid_request","message":"Not this one.","param":"body.messages","line":2}]"#
      )
    }
  }

  @Test func theMinuteIsCountedByProvider() async throws {
    try await with(#"{"limits": {"requests_per_minute": 2}}"#) { (client) async throws in
      for _ in 0..<2 { #expect(try await client.openAI("GET", "models").status == 200) }
      let often = try await client.openAI("GET", "models")
      #expect(often.status == 429 && often.headers["retry-after"] == "60")
      #expect(often.json["error"]?["code"] == .string("rate_limit_exceeded"))
      #expect(often.headers["x-ratelimit-remaining-requests"] == "0")
      #expect(try await client.gemini("GET", "v1/models").status == 200)
      try await client.advance(hours: 0.02)
      #expect(try await client.openAI("GET", "models").status == 200)
    }
  }
}
