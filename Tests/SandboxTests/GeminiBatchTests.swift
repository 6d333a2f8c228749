import Records
import Sandbox
import TestSupport
import Testing

/// Gemini's batches from the upload to their answers, in virtual time.
@Suite struct GeminiBatchTests {
  private func with<Value>(
    _ faults: String = "{}", _ body: (SandboxClient) async throws -> Value
  ) async throws -> Value {
    try await SandboxClient.with(
      {
        $0.batchDuration = .seconds(3000) ... .seconds(3000)
        $0.faults = try FaultScript(parsing: Array(faults.utf8), name: "f")
      }, body)
  }

  private func state(_ operation: JSONValue) -> String? { operation["metadata"]?["state"]?.string }

  @Test func aBatchGoesThroughItsStates() async throws {
    try await with { (client) async throws in
      let name = try await client.geminiBatch((0..<10).map { generateLine("k\($0)", "Say \($0)") })
      #expect(name.hasPrefix("batches/"))
      let new = try await client.geminiOperation(name)
      #expect(state(new) == "BATCH_STATE_PENDING" && new["done"] == nil && new["response"] == nil)
      #expect(
        new["metadata"]?["batchStats"]?.compact
          == #"{"requestCount":"10","pendingRequestCount":"10"}"#)
      #expect(new["metadata"]?["createTime"] == .string("2026-11-18T11:06:40.000000000Z"))
      #expect(new["metadata"]?["displayName"] == .string("d"))
      try await client.advance(hours: 0.5)
      #expect(state(try await client.geminiOperation(name)) == "BATCH_STATE_RUNNING")
      try await client.advance(hours: 0.5)
      let done = try await client.geminiOperation(name)
      #expect(state(done) == "BATCH_STATE_SUCCEEDED" && done["done"] == .bool(true))
      #expect(
        done["metadata"]?["batchStats"]?.compact
          == #"{"requestCount":"10","successfulRequestCount":"10"}"#)
      #expect(
        done["metadata"]?["output"]?["responsesFile"] == done["response"]?["responsesFile"])
      let rows = try await client.geminiRows(done)
      let candidate = rows["k7"]?["response"]?["candidates"]?.array?.first
      #expect(
        candidate?.compact
          == #"{"content":{"parts":[{"text":"You wrote: “Say 7”"}],"role":"model"},"finishReason":"STOP"}"#
      )
      #expect(rows["k7"]?["response"]?["usageMetadata"]?["cachedContentTokenCount"] == nil)
      #expect(try await client.meter()["rows_billed"]?.int == 10)
    }
  }

  @Test func whatDoesNotFinishLeavesNothing() async throws {
    let faults = #"""
      {"batches": [{"which": {"nth": 1}, "done_share": 0.5},
        {"which": {"nth": 2}, "model": "gemini-2.5-*", "done_share": 0},
        {"which": {"nth": 4}, "failure": {"message": "The model is gone."}}]}
      """#
    try await with(faults) { (client) async throws in
      var names: [String] = []
      for _ in 0..<4 { names.append(try await client.geminiBatch([generateLine("a", "Hello")])) }
      #expect(
        try await client.gemini("POST", "v1/\(names[2]):cancel").text == "{}")
      try await client.advance(hours: 47)
      #expect(state(try await client.geminiOperation(names[0])) == "BATCH_STATE_RUNNING")
      #expect(state(try await client.geminiOperation(names[1])) == "BATCH_STATE_PENDING")
      let canceled = try await client.geminiOperation(names[2])
      #expect(state(canceled) == "BATCH_STATE_CANCELLED" && canceled["response"] == nil)
      let failed = try await client.geminiOperation(names[3])
      #expect(state(failed) == "BATCH_STATE_FAILED")
      #expect(failed["error"]?.compact == #"{"code":13,"message":"The model is gone."}"#)
      try await client.advance(hours: 2)
      for name in names[0...1] {
        let expired = try await client.geminiOperation(name)
        #expect(state(expired) == "BATCH_STATE_EXPIRED" && expired["done"] == .bool(true))
        #expect(expired["response"] == nil && expired["metadata"]?["output"] == nil)
      }
      #expect(try await client.meter()["rows_billed"]?.int == 0)
    }
  }

  @Test func inlineAnswersStandInTheOperationTwice() async throws {
    let request = "{\"request\":\(generate("Hello")),\"metadata\":{\"key\":\"k1\"}}"
    let snake = "{\"request\":\(generate("World")),\"metadata\":{\"key\":\"k2\"}}"
    let body = """
      {"batch":{"display_name":"d","input_config":{"requests":{"requests":[\(request),\(snake)]}}}}
      """
    for (switches, hasKeys) in [("{}", true), (#"{"inline_metadata": false}"#, false)] {
      try await with("{\"switches\": \(switches)}") { (client) async throws in
        let answer = try await client.gemini(
          "POST", "v1beta/models/gemini-2.5-pro:batchGenerateContent", body)
        try await client.advance(hours: 1)
        let done = try await client.geminiOperation(answer.json["name"]?.string ?? "")
        let inner = done["response"]?["inlinedResponses"]?["inlinedResponses"]
        #expect(inner == done["metadata"]?["output"]?["inlinedResponses"]?["inlinedResponses"])
        let keys = inner?.array?.compactMap { $0["metadata"]?["key"]?.string } ?? []
        #expect(inner?.array?.count == 2 && Set(keys) == (hasKeys ? ["k1", "k2"] : []))
      }
    }
  }

  @Test func rowsStopForEveryReason() async throws {
    let faults = """
      {"rows": [{"custom_id": "no", "outcome": "refusal"}, {"custom_id": "cut", "outcome": "max_tokens"},
        {"custom_id": "said", "outcome": "recitation"}, {"custom_id": "odd", "outcome": "malformed_response"},
        {"custom_id": "blocked", "outcome": "prompt_blocked"}, {"custom_id": "empty", "outcome": "empty_answer"},
        {"custom_id": "busy", "outcome": "errored", "type": "RESOURCE_EXHAUSTED", "message": "later"}]}
      """
    try await with(faults) { (client) async throws in
      let keys = ["no", "cut", "said", "odd", "blocked", "empty", "busy"]
      let name = try await client.geminiBatch(keys.map { generateLine($0, "Say something") })
      try await client.advance(hours: 1)
      let rows = try await client.geminiRows(try await client.geminiOperation(name))
      func reason(_ key: String) -> String? {
        rows[key]?["response"]?["candidates"]?.array?.first?["finishReason"]?.string
      }
      #expect(reason("no") == "SAFETY" && reason("cut") == "MAX_TOKENS")
      #expect(reason("said") == "RECITATION" && reason("odd") == "MALFORMED_RESPONSE")
      let blocked = rows["blocked"]?["response"]
      #expect(blocked?["candidates"] == nil)
      #expect(blocked?["promptFeedback"]?["blockReason"]?.string != nil)
      let empty = rows["empty"]?["response"]?["candidates"]?.array?.first
      #expect(empty?["content"]?.compact == #"{"role":"model"}"#)
      #expect(rows["busy"]?["error"]?.compact == #"{"code":8,"message":"later"}"#)
    }
  }

  @Test func keysAreSwappedWhenToldTo() async throws {
    let faults = #"""
      {"calls": [{"api": "gemini", "route": "content", "calls": {"nth": 1}, "mangle": ["swapped_keys"]}],
       "switches": {"order": "source"}}
      """#
    try await with(faults) { (client) async throws in
      let name = try await client.geminiBatch(
        ["a", "b", "c"].map { generateLine($0, "It is \($0)") })
      try await client.advance(hours: 1)
      let done = try await client.geminiOperation(name)
      func texts() async throws -> [String?] {
        let rows = try await client.geminiRows(done)
        return ["a", "b", "c"].map { key in
          let candidate = rows[key]?["response"]?["candidates"]?.array?.first
          return candidate?["content"]?["parts"]?.array?.first?["text"]?.string
        }
      }
      #expect(
        try await texts() == [
          "You wrote: “It is b”", "You wrote: “It is a”", "You wrote: “It is c”",
        ])
      #expect(try await texts().first == "You wrote: “It is a”")
    }
  }

  @Test func tooMuchIsRefusedAtCreation() async throws {
    try await with(#"{"limits": {"enqueued_tokens": 1000}}"#) { (client) async throws in
      let long = generateLine("a", String(repeating: "word ", count: 600))
      let first = try await client.geminiBatch([long])
      let second = try await client.geminiBatch([long])
      #expect(first.hasPrefix("batches/") && second.isEmpty)
      let refused = try await client.gemini(
        "POST", "v1/models/gemini-2.5-flash:batchGenerateContent",
        "{\"batch\":{\"inputConfig\":{\"requests\":{\"requests\":[{\"request\":\(generate(String(repeating: "word ", count: 600)))}]}}}}"
      )
      #expect(refused.status == 429)
      #expect(refused.json["error"]?["status"] == .string("RESOURCE_EXHAUSTED"))
      #expect(try await client.geminiBatch([long], model: "gemini-2.5-pro").isEmpty == false)
      try await client.advance(hours: 1)
      #expect(try await client.geminiBatch([long]).isEmpty == false)
      let large = String(repeating: "x", count: 20_000_000)
      let body =
        "{\"batch\":{\"inputConfig\":{\"requests\":{\"requests\":[{\"request\":\(generate(large))}]}}}}"
      let answer = try await client.gemini(
        "POST", "v1/models/gemini-2.5-flash:batchGenerateContent", body)
      #expect(answer.status == 400)
    }
  }

  @Test func aRunOfTheSandboxAfterAKillGoesOn() async throws {
    let scratch = try ScratchDirectory()
    let change: (inout SandboxConfiguration) -> Void = { $0.directory = scratch.path("state") }
    let name = try await SandboxClient.with(change) { (client) async throws in
      try await client.geminiBatch([generateLine("a", "Hello"), generateLine("b", "World")])
    }
    try await SandboxClient.with(change) { (client) async throws in
      try await client.advance(hours: 1)
      let done = try await client.geminiOperation(name)
      #expect(try await client.geminiRows(done).count == 2)
      #expect(try await client.gemini("DELETE", "v1/\(name)").text == "{}")
      #expect(try await client.gemini("GET", "v1/\(name)").status == 404)
      #expect(try await client.meter()["rows_billed"]?.int == 2)
    }
  }
}
