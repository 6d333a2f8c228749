import Records
import Testing

@testable import Sandbox

/// OpenAI's synchronous calls, and what they accept of a schema.
@Suite struct OpenAIAnswerTests {
  private static let labels = """
    {"type":"object","properties":{"label":{"type":"string","enum":["a","b"]},
     "note":{"type":["string","null"]}},"required":["label","note"],"additionalProperties":false}
    """

  @Test func aCompletionIsWhole() async throws {
    try await SandboxClient.with { (client) async throws in
      let answer = try await client.openAI("POST", "chat/completions", chat("Hello there"))
      let json = answer.json
      #expect(json["object"] == .string("chat.completion"))
      #expect(json["choices"]?.array?.first?["message"]?["refusal"] == .null)
      let usage = json["usage"]
      let (input, output) = (
        usage?["prompt_tokens"]?.int ?? 0, usage?["completion_tokens"]?.int ?? 0
      )
      #expect(input == 3 && usage?["total_tokens"]?.int == input + output)
      #expect(usage?["completion_tokens_details"]?["reasoning_tokens"]?.int == 12)
      #expect(answer.headers["x-request-id"]?.hasPrefix("req_") == true)
      #expect(answer.headers["openai-version"] == "2020-10-01")
      let shaped = try await client.openAI(
        "POST", "chat/completions", chat("Hello there", format(Self.labels))
      ).json
      let text = shaped["choices"]?.array?.first?["message"]?["content"]?.string ?? ""
      let parsed = try JSONValue(parsing: text)
      #expect(["a", "b"].contains(parsed["label"]?.string ?? ""))
    }
  }

  @Test func aResponseBeginsWithItsReasoning() async throws {
    try await SandboxClient.with { (client) async throws in
      let body = """
        {"model":"gpt-6-luna","instructions":"Sort.","input":[{"role":"user","content":[\
        {"type":"input_text","text":"<m>Hello there</m>"}]}],"text":{"format":{"type":"json_schema",\
        "name":"a","strict":true,"schema":\(Self.labels)}}}
        """
      let json = try await client.openAI("POST", "responses", body).json
      #expect(json["object"] == .string("response") && json["status"] == .string("completed"))
      let items = json["output"]?.array ?? []
      #expect(items.map { $0["type"]?.string } == ["reasoning", "message"])
      let text = items.last?["content"]?.array?.first?["text"]?.string ?? ""
      #expect(try JSONValue(parsing: text)["label"]?.string != nil)
      let cut = try await client.openAI(
        "POST", "responses",
        #"{"model":"gpt-6-luna","input":"Tell me of all the trees","max_output_tokens":4}"#
      ).json
      #expect(cut["status"] == .string("incomplete"))
      #expect(cut["incomplete_details"]?["reason"] == .string("max_output_tokens"))
      #expect(cut["usage"]?["output_tokens"]?.int == 4)
      let count = try await client.openAI(
        "POST", "responses/input_tokens", #"{"model":"gpt-6-luna","input":"12345678"}"#)
      #expect(count.text == #"{"object":"response.input_tokens","input_tokens":2}"#)
    }
  }

  @Test func mistakesAreToldWithTheirParameter() async throws {
    try await SandboxClient.with { (client) async throws in
      func error(_ path: String, _ body: String) async throws -> (Int, String?, String?) {
        let answer = try await client.openAI("POST", path, body)
        let error = answer.json["error"]
        return (answer.status, error?["param"]?.string, error?["code"]?.string)
      }
      let unknown = chat("a").replacing("gpt-6-luna", with: "gpt-0")
      #expect(try await error("chat/completions", unknown) == (404, nil, "model_not_found"))
      #expect(
        try await error("chat/completions", chat("a", ",\"flavour\":1"))
          == (400, "flavour", "unknown_parameter"))
      let old = chat("a").replacing("max_completion_tokens", with: "max_tokens")
      #expect(
        try await error("chat/completions", old) == (400, "max_tokens", "unsupported_parameter"))
      #expect(
        try await error("responses", #"{"model":"gpt-6-luna"}"#)
          == (400, "input", "missing_required_parameter"))
      #expect(try await error("chat/completions", "{\"model\"").0 == 400)
      let keyless = try await client.openAI(
        "GET", "models", headers: ["authorization": "", "x-api-key": "k"])
      #expect(keyless.status == 401)
      #expect(keyless.json["error"]?["type"] == .string("invalid_request_error"))
      #expect(
        try await client.openAI("GET", "models/gpt-6-luna").json["object"] == .string("model"))
      #expect(try await client.openAI("GET", "nothing").status == 404)
    }
  }

  @Test(arguments: [
    ("gpt-5", "\"temperature\":0", "temperature"), ("gpt-5", "\"temperature\":1.0", nil),
    ("gpt-5-mini", "\"reasoning_effort\":\"none\",\"top_p\":0.5", "top_p"),
    ("gpt-5.4-mini", "\"temperature\":0", nil),
    ("gpt-5.4-mini", "\"temperature\":0,\"reasoning_effort\":\"low\"", "temperature"),
    ("gpt-6-luna", "\"logprobs\":true", "logprobs"),
    ("gpt-6-luna", "\"presence_penalty\":0.1,\"reasoning_effort\":\"none\"", nil),
    ("gpt-4o", "\"temperature\":0", nil),
  ])
  func modelsThatReasonTakeNoTemperature(
    _ model: String, _ more: String, _ refused: String?
  ) async throws {
    try await SandboxClient.with { (client) async throws in
      let body = chat("a", ",\(more)").replacing("gpt-6-luna", with: model)
      let answer = try await client.openAI("POST", "chat/completions", body)
      #expect(answer.status == (refused == nil ? 200 : 400))
      #expect(answer.json["error"]?["param"]?.string == refused)
    }
  }

  @Test func rowsStopForEveryReason() async throws {
    let faults = """
      {"rows": [{"custom_id": "no", "outcome": "refusal"}, {"custom_id": "cut", "outcome": "max_tokens"},
        {"custom_id": "filtered", "outcome": "content_filter"},
        {"custom_id": "two", "outcome": "fragments"}]}
      """
    try await SandboxClient.with({
      $0.faults = try FaultScript(parsing: Array(faults.utf8), name: "f")
    }) { (client) async throws in
      func choice(_ rows: [String: JSONValue], _ id: String) -> JSONValue? {
        rows[id]?["response"]?["body"]?["choices"]?.array?.first
      }
      let id = try await client.openAIBatch(
        ["no", "cut", "filtered"].map { chatLine($0, "Say something of trees") })
      let responses = ["no", "cut", "filtered", "two"].map { id in
        "{\"custom_id\":\"\(id)\",\"method\":\"POST\",\"url\":\"/v1/responses\",\"body\":{\"model\":\"gpt-4.1\",\"input\":\"Say something of trees\"}}"
      }
      let other = try await client.openAIBatch(responses, endpoint: "/v1/responses")
      try await client.advance(hours: 1)
      let rows = try await client.openAIRows(try await client.openAIStatus(id), "output_file_id")
      #expect(choice(rows, "no")?["message"]?["content"] == .null)
      #expect(choice(rows, "no")?["message"]?["refusal"]?.string != nil)
      #expect(choice(rows, "cut")?["finish_reason"] == .string("length"))
      #expect(choice(rows, "filtered")?["finish_reason"] == .string("content_filter"))
      let others = try await client.openAIRows(
        try await client.openAIStatus(other), "output_file_id")
      func body(_ id: String) -> JSONValue? { others[id]?["response"]?["body"] }
      let refusal = body("no")?["output"]?.array?.first?["content"]?.array?.first
      #expect(refusal?["type"] == .string("refusal"))
      #expect(body("cut")?["incomplete_details"]?["reason"] == .string("max_output_tokens"))
      #expect(body("filtered")?["incomplete_details"]?["reason"] == .string("content_filter"))
      let texts = body("two")?["output"]?.array?.map {
        $0["content"]?.array?.first?["text"]?.string ?? ""
      }
      #expect(texts?.count == 2 && texts?[1].hasPrefix(texts?[0] ?? "x") == true)
    }
  }

  @Test func aLongPrefixIsCachedUnasked() async throws {
    let faults = #"{"switches": {"cache_hit_share": 1}}"#
    try await SandboxClient.with({
      $0.faults = try FaultScript(parsing: Array(faults.utf8), name: "f")
    }) { (client) async throws in
      let system = String(repeating: "rule ", count: 1000)
      func cached(_ text: String) async throws -> Int? {
        let body = """
          {"model":"gpt-6-luna","messages":[{"role":"system","content":"\(system)"},\
          {"role":"user","content":"\(text)"}]}
          """
        let answer = try await client.openAI("POST", "chat/completions", body).json
        return answer["usage"]?["prompt_tokens_details"]?["cached_tokens"]?.int
      }
      #expect(try await cached("one") == 0)
      #expect(try await cached("two") == 1152)
    }
  }

  @Test(arguments: [
    (
      #"{"type":"array","items":{"type":"string"}}"#,
      "schema must be a JSON Schema of 'type: \"object\"', got 'type: \"array\"'."
    ),
    (#"{"type":"object","anyOf":[]}"#, "In context=(), 'anyOf' is not permitted."),
    (
      #"{"type":"object","properties":{}}"#,
      "In context=(), 'additionalProperties' is required to be supplied and to be false."
    ),
    (
      #"{"type":"object","properties":{"a":{"type":"string"},"b":{"type":"string"}},"required":["a"],"additionalProperties":false}"#,
      "In context=(), 'required' is required to be supplied and to be an array including every key in properties. Missing 'b'."
    ),
    (
      #"{"type":"object","properties":{"a":{"type":"string","minLength":1}},"required":["a"],"additionalProperties":false}"#,
      "In context=('properties', 'a'), 'minLength' is not permitted."
    ),
    (
      #"{"type":"object","properties":{"a":{"allOf":[]}},"required":["a"],"additionalProperties":false}"#,
      "In context=('properties', 'a'), 'allOf' is not permitted."
    ),
    (
      #"{"type":"object","properties":{"a":{"type":"string","format":"uri"}},"required":["a"],"additionalProperties":false}"#,
      "In context=('properties', 'a'), 'uri' is not a valid format."
    ),
    (
      #"{"type":"object","properties":{"a":{"type":"array"}},"required":["a"],"additionalProperties":false}"#,
      "In context=('properties', 'a'), array schema missing items."
    ),
    (
      #"{"type":"object","properties":{"a":{}},"required":["a"],"additionalProperties":false}"#,
      "In context=('properties', 'a'), schema must have a 'type' key."
    ),
  ])
  func strictSchemasAreRefused(schema: String, words: String) throws {
    #expect(StrictSchema.problem(in: try JSONValue(parsing: schema)) == words)
  }

  @Test(arguments: [
    #"{"type":"object","properties":{},"required":[],"additionalProperties":false}"#,
    ##"{"type":"object","properties":{"a":{"type":["string","null"],"pattern":"^a","format":"email"},"n":{"type":"number","minimum":1,"multipleOf":2},"l":{"type":"array","items":{"$ref":"#/$defs/t"},"minItems":2,"maxItems":3}},"required":["a","n","l"],"additionalProperties":false,"$defs":{"t":{"anyOf":[{"type":"null"},{"$ref":"#"}]}}}"##,
  ])
  func strictSchemasAreAccepted(schema: String) throws {
    #expect(StrictSchema.problem(in: try JSONValue(parsing: schema)) == nil)
  }

  @Test func tooDeepAndTooMuch() throws {
    func nested(_ levels: Int) -> String {
      levels == 1
        ? #"{"type":"string"}"#
        : "{\"type\":\"object\",\"properties\":{\"a\":\(nested(levels - 1))},\"required\":[\"a\"],\"additionalProperties\":false}"
    }
    #expect(StrictSchema.problem(in: try JSONValue(parsing: nested(10))) == nil)
    #expect(StrictSchema.problem(in: try JSONValue(parsing: nested(11)))?.contains("10") == true)
    let values = (0..<1001).map { "\"v\($0)\"" }.joined(separator: ",")
    let enumeration =
      "{\"type\":\"object\",\"properties\":{\"a\":{\"enum\":[\(values)]}},\"required\":[\"a\"],\"additionalProperties\":false}"
    #expect(StrictSchema.problem(in: try JSONValue(parsing: enumeration))?.contains("1001") == true)
  }
}
