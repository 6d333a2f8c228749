import Records
import Sandbox
import Schemas
import TestSupport
import Testing

/// What becomes of single rows.
@Suite struct RowTests {
  private static let schema = """
    {"type":"object","properties":{"note":{"type":"string"},"label":{"type":"string","enum":["a","b","c"]},\
    "summary":{"type":"string"},"questions":{"type":"array","items":{"type":"string"}},\
    "score":{"type":"number"},"rank":{"type":"integer"},"seen":{"type":"boolean"},\
    "place":{"anyOf":[{"$ref":"#/$defs/place"},{"type":"null"}]},"on":{"type":"string","format":"date"}},\
    "required":["label","summary","questions","score","rank","seen","place","on"],\
    "additionalProperties":false,"$defs":{"place":{"type":"object","properties":{"city":{"type":"string"}},\
    "required":["city"],"additionalProperties":false}}}
    """

  private static let right = params("right")

  @Test func answersFitTheSchemaAndNameTheirRecord() async throws {
    let compiled = try CompiledSchema(
      try JSONValue(parsing: Array(Self.schema.utf8)), options: SchemaOptions(formats: .assertion))
    try await SandboxClient.with { (client) async throws in
      let found = try await client.outcome([
        "a": params("Sort.\n<text>The \"first\" one,\nÜber alles</text>", schema: Self.schema),
        "b": params("Sort.\n<text>The second one</text>", schema: Self.schema),
        "c": params(String(repeating: "wordy ", count: 300), schema: Self.schema),
        "d": params("x", schema: Self.schema),
      ])
      for (id, result) in found {
        let text = result["message"]?["content"]?.array?.first?["text"]?.string ?? ""
        let bytes = Array(text.utf8)
        var tape = JSONTape()
        var scratch = SchemaScratch()
        try bytes.withUnsafeBufferPointer { buffer in
          let view = try tape.parse(buffer)
          #expect(compiled.isValid(view, using: &scratch), "\(id): \(text)")
        }
        let answer = try JSONValue(parsing: bytes)
        #expect(answer.members?.first?.key == "label" && answer.members?.last?.key == "note")
        let summary = answer["summary"]?.string ?? ""
        #expect(!summary.isEmpty && summary.utf8.count < 200)
        #expect((1...3).contains(answer["questions"]?.array?.count ?? 0))
        #expect((0...1).contains(answer["score"]?.double ?? -1))
        #expect((1...5).contains(answer["rank"]?.int ?? -1))
        if id == "a" { #expect(summary == "The \"first\" one, Über alles") }
        if id == "b" { #expect(summary == "The second one") }
      }
      #expect(found.count == 4)
    }
  }

  @Test func theSameRequestsAndSeedGiveTheSameBytes() async throws {
    func bytes(seed: UInt64) async throws -> [UInt8] {
      try await SandboxClient.with({ $0.seed = seed }) { (client) async throws in
        let id = try await client.batch([
          "a": params("One"), "b": params("Two"), "c": params("Three"),
        ])
        try await client.advance(hours: 1)
        return try await client.results(id).body
      }
    }
    let first = try await bytes(seed: 7)
    #expect(try await bytes(seed: 7) == first)
    #expect(try await bytes(seed: 8) != first)
  }

  @Test(
    arguments: [
      (
        params("a").replacing("claude-haiku-4-5", with: "claude-nonesuch"), "model: claude-nonesuch"
      ),
      (params("a").replacing("\"max_tokens\":500,", with: ""), "max_tokens: Field required"),
      (
        params("a").replacing("500", with: "64001"),
        "max_tokens: 64001 > 64000, which is the maximum allowed number of output tokens for "
          + "claude-haiku-4-5"
      ),
      (params("a").replacing("500", with: "0"), "max_tokens: not supported in a message batch"),
      (params("a", ",\"stream\":true"), "stream: not supported in a message batch"),
      (params("a", ",\"temperature\":1"), "temperature: Extra inputs are not permitted"),
      (params("a", ",\"colour\":1"), "colour: Extra inputs are not permitted"),
      (params(""), "messages: text content blocks must be non-empty"),
      (
        params("a", schema: #"{"type":"object","properties":{}}"#),
        "output_config.format.schema: For 'object' type, 'additionalProperties' must be explicitly "
          + "set to false"
      ),
      (
        params(
          "a",
          schema:
            #"{"type":"object","additionalProperties":false,"properties":{"n":{"type":"integer","minimum":1}}}"#
        ),
        "output_config.format.schema: For 'integer' type, property 'minimum' is not supported"
      ),
      (
        params(
          "a",
          schema:
            ##"{"$ref":"#/$defs/a","$defs":{"a":{"anyOf":[{"type":"null"},{"$ref":"#/$defs/a"}]}}}"##
        ),
        "output_config.format.schema: Recursive schemas ('#/$defs/a') are not supported"
      ),
    ])
  func aWrongRowIsErroredAtTheEnd(params: String, message: String) async throws {
    try await SandboxClient.with { (client) async throws in
      let found = try await client.outcome(["wrong": params, "right": Self.right])
      #expect(found["right"]?["type"] == .string("succeeded"))
      #expect(found["wrong"]?["type"] == .string("errored"))
      let error = found["wrong"]?["error"]
      #expect(error?["type"] == .string("error") && error?["request_id"]?.string != nil)
      #expect(error?["error"]?["type"] == .string("invalid_request_error"))
      #expect(error?["error"]?["message"] == .string(message))
      #expect(try await client.meter()["rows_billed"]?.int == 1)
    }
  }

  @Test func theOldVersionTakesATemperature() async throws {
    try await SandboxClient.with { (client) async throws in
      let body = SandboxClient.envelope(["a": params("Hello", ",\"temperature\":1")])
      let created = try await client.call(
        "POST", "messages/batches", body, headers: ["anthropic-version": "2023-06-01"])
      try await client.advance(hours: 1)
      let rows = try await client.results(created.json["id"]?.string ?? "").rows
      #expect(rows.first?["result"]?["type"] == .string("succeeded"))
    }
  }

  @Test func longOutputNeedsItsHeaderAndAModel() async throws {
    let body = params("Hello").replacing("500", with: "300000")
    try await SandboxClient.with { (client) async throws in
      func verdict(_ body: String, beta: String) async throws -> String? {
        let created = try await client.call(
          "POST", "messages/batches", SandboxClient.envelope(["a": body]),
          headers: ["anthropic-beta": beta])
        try await client.advance(hours: 1)
        let rows = try await client.results(created.json["id"]?.string ?? "").rows
        return rows.first?["result"]?["type"]?.string
      }
      let opus = body.replacing("claude-haiku-4-5", with: "claude-opus-4-8")
      let plain = try await verdict(opus, beta: "")
      let long = try await verdict(opus, beta: "a, output-300k-2026-03-24")
      let small = try await verdict(body, beta: "output-300k-2026-03-24")
      #expect([plain, long, small] == ["errored", "succeeded", "errored"])
    }
  }

  @Test func theRequestSchemaIsApplied() async throws {
    guard let text = SuiteFolder.requestSchema else { return }
    try await SandboxClient.with({ $0.requestSchema = try JSONValue(parsing: text) }) {
      (client) async throws in
      let found = try await client.outcome([
        "a": params("Hello", ",\"service_tier\":\"soon\""), "b": params("Hello"),
        "c": params(
          "Hello", schema: #"{"type":"object","properties":{},"additionalProperties":false}"#),
      ])
      #expect(found["b"]?["type"] == .string("succeeded"))
      #expect(found["c"]?["type"] == .string("succeeded"))
      #expect(
        found["a"]?["error"]?["error"]?["message"]?.string?.hasPrefix("service_tier: ") == true)
    }
  }

  @Test func repeatedPrefixesMeetTheCache() async throws {
    let system = String(repeating: "rules and rules ", count: 1200)
    let cached = """
      ,"system":[{"type":"text","text":"\(system)","cache_control":{"type":"ephemeral","ttl":"1h"}}]
      """
    try await SandboxClient.with { (client) async throws in
      var rows: [(String, String)] = []
      for number in 0..<40 { rows.append(("r\(number)", params("Number \(number)", cached))) }
      let envelope = rows.map { "{\"custom_id\":\"\($0.0)\",\"params\":\($0.1)}" }
      let created = try await client.call(
        "POST", "messages/batches", "{\"requests\":[\(envelope.joined(separator: ","))]}")
      try await client.advance(hours: 1)
      let usages = try await client.results(created.json["id"]?.string ?? "").rows
        .compactMap { $0["result"]?["message"]?["usage"] }
      let reads = usages.filter { $0["cache_read_input_tokens"]?.int ?? 0 > 0 }.count
      let writes = usages.filter {
        $0["cache_creation"]?["ephemeral_1h_input_tokens"]?.int ?? 0 > 0
      }
      #expect(reads + writes.count == 40 && reads > 12 && reads < 36)
      #expect(writes.first?["cache_creation_input_tokens"]?.int == 4800)
      #expect(usages.allSatisfy { $0["input_tokens"]?.int ?? 0 < 20 })
    }
  }
}
