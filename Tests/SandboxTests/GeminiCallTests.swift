import Records
import Sandbox
import Testing

/// Gemini's uploads and synchronous calls.
@Suite struct GeminiCallTests {
  @Test func uploadsComeInChunksWithoutAKey() async throws {
    try await SandboxClient.with { (client) async throws in
      let path = try await client.geminiUpload(10)
      #expect(path.hasPrefix("/gemini/upload/v1beta/files/"))
      let first = try await client.geminiChunk(path, "{\"a\"", at: 0, "upload")
      #expect(first.headers["x-goog-upload-status"] == "active")
      let wrong = try await client.geminiChunk(path, ":1}", at: 9)
      #expect(wrong.status == 400)
      let asked = try await client.geminiChunk(path, "", at: 0, "query")
      #expect(asked.headers["x-goog-upload-size-received"] == "4")
      let last = try await client.geminiChunk(path, ":\"b\"}\n", at: 4)
      #expect(last.headers["x-goog-upload-status"] == "final")
      let file = last.json["file"]
      #expect(file?["state"] == .string("ACTIVE") && file?["sizeBytes"] == .string("10"))
      let name = file?["name"]?.string ?? ""
      #expect(try await client.gemini("GET", "v1/\(name)").json["name"] == .string(name))
      #expect(try await client.gemini("GET", "v1/\(name):download?alt=media").status == 400)
      #expect(try await client.geminiChunk(path, "", at: 10).status == 404)
      try await client.advance(hours: 49)
      #expect(try await client.gemini("GET", "v1/\(name)").status == 403)
      #expect(try await client.gemini("GET", "v1/files").text == "{}")
    }
  }

  @Test func anAnswerIsWhole() async throws {
    try await SandboxClient.with { (client) async throws in
      func answer(_ body: String) async throws -> SandboxClient.Answer {
        try await client.gemini("POST", "v1beta/models/gemini-2.5-flash:generateContent", body)
      }
      let plain = try await answer(generate("Hello there")).json
      let usage = plain["usageMetadata"]
      #expect(usage?["promptTokenCount"]?.int == 3 && usage?["thoughtsTokenCount"]?.int == 12)
      #expect(plain["modelVersion"] == .string("gemini-2.5-flash"))
      let config = """
        ,"generation_config":{"response_mime_type":"application/json","response_schema":{"type":"OBJECT",\
        "properties":{"n":{"type":"INTEGER","minimum":7,"maximum":7},"l":{"type":"ARRAY","minItems":"2",\
        "maxItems":"2","items":{"type":"BOOLEAN"}}},"required":["n","l"]}}
        """
      let shaped = try await answer(generate("Hello", config)).json
      let text = shaped["candidates"]?.array?.first?["content"]?["parts"]?.array?.first?["text"]
      let json = try JSONValue(parsing: text?.string ?? "")
      #expect(json["n"]?.int == 7 && json["l"]?.array?.count == 2)
      let tool = """
        ,"tools":[{"functionDeclarations":[{"name":"file","parameters":{"type":"OBJECT","properties":\
        {"n":{"type":"INTEGER"}},"required":["n"]}}]}],"toolConfig":{"functionCallingConfig":\
        {"mode":"ANY","allowedFunctionNames":["file"]}}
        """
      let called = try await answer(generate("Hello", tool)).json
      let part = called["candidates"]?.array?.first?["content"]?["parts"]?.array?.first
      #expect(part?["functionCall"]?["args"]?["n"]?.int != nil)
    }
  }

  @Test(
    arguments: [
      (",\"thinking_config\":{}", "Unknown name \"thinking_config\""),
      (",\"generationConfig\":{\"top\":1}", "Unknown name \"top\" at 'generation_config'"),
      (
        ",\"generationConfig\":{\"responseMimeType\":\"application/json\",\"responseSchema\":{\"type\":\"OBJECT\"},\"responseJsonSchema\":{\"type\":\"object\"}}",
        "Only one of"
      ),
      (
        ",\"generationConfig\":{\"responseJsonSchema\":{\"type\":\"object\"}}", "response_mime_type"
      ),
      (
        ",\"generationConfig\":{\"responseMimeType\":\"application/json\",\"responseJsonSchema\":{\"type\":\"string\",\"pattern\":\"a\"}}",
        "Unknown name \"pattern\" at 'generation_config.response_json_schema'"
      ),
      (
        ",\"generationConfig\":{\"responseMimeType\":\"application/json\",\"responseSchema\":{\"type\":\"OBJECT\",\"additionalProperties\":false}}",
        "Unknown name \"additionalProperties\" at 'generation_config.response_schema'"
      ),
      (",\"generationConfig\":{\"maxOutputTokens\":70000}", "supported range"),
    ])
  func mistakesAreTold(more: String, words: String) async throws {
    try await SandboxClient.with { (client) async throws in
      let answer = try await client.gemini(
        "POST", "v1/models/gemini-2.5-flash:generateContent", generate("Hello", more))
      #expect(answer.status == 400 && answer.json["error"]?["code"]?.int == 400)
      #expect(answer.message.contains(words), "\(answer.message)")
      #expect(answer.json["error"]?["status"] == .string("INVALID_ARGUMENT"))
    }
  }

  @Test func keysAndPathsAreLookedAt() async throws {
    try await SandboxClient.with({ $0.keys = [SandboxKey("good")] }) { (client) async throws in
      let keyless = try await client.gemini("GET", "v1/models", headers: ["x-goog-api-key": ""])
      #expect(keyless.status == 403)
      #expect(try await client.gemini("GET", "v1/models").status == 400)
      let good = try await client.gemini("GET", "v1/models", headers: ["x-goog-api-key": "good"])
      #expect(good.json["models"]?.array?.isEmpty == false)
      let query = try await client.gemini(
        "GET", "v1/models/gemini-2.5-pro?key=good", headers: ["x-goog-api-key": ""])
      #expect(query.json["inputTokenLimit"]?.int == 1_048_576)
      let journal = try await client.call("GET", "/sandbox/journal").text
      #expect(!journal.contains("key=good") && journal.contains("\"api\":\"gemini\""))
      let count = try await client.gemini(
        "POST", "v1/models/gemini-2.5-pro:countTokens", generate("12345678"),
        headers: ["x-goog-api-key": "good"])
      #expect(count.json["totalTokens"]?.int == 2)
    }
  }

  @Test func providersDoNotSeeEachOther() async throws {
    try await SandboxClient.with { (client) async throws in
      let anthropic = try await client.batch(["a": params("Hello")])
      let openAI = try await client.openAIBatch([chatLine("a", "Hello")])
      let gemini = try await client.geminiBatch([generateLine("a", "Hello")])
      #expect(try await client.openAI("GET", "batches/\(anthropic)").status == 404)
      #expect(try await client.call("GET", "messages/batches/\(openAI)").status == 404)
      #expect(try await client.openAI("GET", gemini).status == 404)
      #expect(try await client.openAI("GET", "batches").json["data"]?.array?.count == 1)
      #expect(try await client.gemini("GET", "v1/batches").json["operations"]?.array?.count == 1)
      try await client.advance(hours: 1)
      #expect(try await client.meter()["rows_billed"]?.int == 3)
    }
  }
}
