import Records
import Sandbox
import Testing

/// What a create call refuses at once, and in which words.
@Suite struct EnvelopeTests {
  @Test(
    arguments: [
      ("", "The request body is not valid JSON: unexpected content at byte 1"),
      ("[]", "The request body is not valid JSON: unexpected content at byte 1"),
      (
        #"{"requests":[{"custom_id":"a","#,
        "The request body is not valid JSON: unexpected content at byte 31"
      ),
      (
        #"{"requests":[{"a" 1}]}"#,
        "The request body is not valid JSON: unexpected content at byte 19"
      ),
      ("{}", "requests: Field required"),
      (#"{"requests":[]}"#, "requests: List should have at least 1 item after validation, not 0"),
      (#"{"requests":{}}"#, "requests: Input should be a valid array"),
      (#"{"requests":[7]}"#, "requests.0: Input should be a valid dictionary"),
      (#"{"requests":[{}]}"#, "requests.0.custom_id: Field required"),
      (
        #"{"requests":[{"custom_id":1,"params":{}}]}"#,
        "requests.0.custom_id: Input should be a valid string"
      ),
      (
        #"{"requests":[{"custom_id":"","params":{}}]}"#,
        "requests.0.custom_id: String should have at least 1 character"
      ),
      (
        #"{"requests":[{"custom_id":"a:b","params":{}}]}"#,
        "requests.0.custom_id: String should match pattern '^[a-zA-Z0-9_-]{1,64}$'"
      ),
      (#"{"requests":[{"custom_id":"a"}]}"#, "requests.0.params: Field required"),
      (
        #"{"requests":[{"custom_id":"a","params":[]}]}"#,
        "requests.0.params: Input should be a valid dictionary"
      ),
      (
        #"{"requests":[{"custom_id":"a","params":{},"note":1}]}"#,
        "requests.0.note: Extra inputs are not permitted"
      ),
      (
        #"{"requests":[{"custom_id":"a","params":{}}],"user":1}"#,
        "user: Extra inputs are not permitted"
      ),
      (
        #"{"requests":[{"custom_id":"a","params":{}},{"custom_id":"\u0061","params":{}}]}"#,
        "requests.1.custom_id: duplicate custom_id 'a'; they must be unique"
      ),
    ])
  func isRefused(body: String, message: String) async throws {
    try await SandboxClient.with { (client) async throws in
      let answer = try await client.call("POST", "messages/batches", body)
      #expect(answer.status == 400)
      #expect(answer.message == message)
      #expect(answer.json["type"] == .string("error"))
      #expect(answer.json["error"]?["type"] == .string("invalid_request_error"))
      #expect(answer.json["request_id"]?.string == answer.headers["request-id"])
      #expect(try await client.call("GET", "messages/batches").json["data"] == .array([]))
    }
  }

  @Test func longIDsAreRefused() async throws {
    try await SandboxClient.with { (client) async throws in
      let answer = try await client.create([String(repeating: "x", count: 65): params("a")])
      #expect(answer.message == "requests.0.custom_id: String should have at most 64 characters")
      let longest = try await client.create([String(repeating: "x", count: 64): params("a")])
      #expect(longest.status == 200)
    }
  }

  @Test func moreThan100000AreRefused() async throws {
    try await SandboxClient.with { (client) async throws in
      let items = (0...100_000).map { #"{"custom_id":"r\#($0)","params":{}}"# }
      let body = "{\"requests\":[\(items.joined(separator: ","))]}"
      let answer = try await client.call("POST", "messages/batches", body)
      #expect(
        answer.message
          == "requests: List should have at most 100000 items after validation, not 100001")
    }
  }

  @Test func keysAndVersionsAreAskedFor() async throws {
    try await SandboxClient.with({ $0.keys = [SandboxKey("one"), SandboxKey("two")] }) {
      (client) async throws in
      func status(_ headers: [String: String]) async throws -> Int {
        try await client.call("GET", "messages/batches", headers: headers).status
      }
      #expect(try await status(["x-api-key": ""]) == 401)
      #expect(try await status(["x-api-key": "three"]) == 401)
      #expect(try await status(["x-api-key": "one"]) == 200)
      #expect(try await status(["x-api-key": "", "authorization": "Bearer two"]) == 200)
      #expect(try await status(["x-api-key": "three", "authorization": "Bearer two"]) == 401)
      #expect(try await status(["x-api-key": "one", "anthropic-version": "2020-01-01"]) == 400)
      #expect(try await status(["x-api-key": "one", "anthropic-version": "2023-06-01"]) == 200)
      let created = try await client.call(
        "POST", "messages/batches", SandboxClient.envelope(["a": params("Hello")]),
        headers: ["x-api-key": "one"])
      let id = created.json["id"]?.string ?? ""
      let path = "messages/batches/\(id)"
      #expect(try await client.call("GET", path, headers: ["x-api-key": "one"]).status == 200)
      #expect(try await client.call("GET", path, headers: ["x-api-key": "two"]).status == 404)
    }
  }

  @Test func unknownPathsAreNotFoundInTheSameShape() async throws {
    try await SandboxClient.with { (client) async throws in
      let answer = try await client.call("GET", "/nowhere")
      #expect(answer.status == 404)
      #expect(answer.json["error"]?["type"] == .string("not_found_error"))
    }
  }
}
