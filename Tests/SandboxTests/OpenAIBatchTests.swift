import Records
import Sandbox
import TestSupport
import Testing

/// OpenAI's batches from the upload to their files, in virtual time.
@Suite struct OpenAIBatchTests {
  private static let hour: ClosedRange<Duration> = .seconds(3000) ... .seconds(3000)

  @Test func aBatchGoesThroughItsStates() async throws {
    try await SandboxClient.with({ $0.batchDuration = Self.hour }) { (client) async throws in
      let lines = (0..<20).map { chatLine("r\($0)", "Say \($0)") }
      let id = try await client.openAIBatch(lines, metadata: #"{"leaven":"m1"}"#)
      #expect(id.hasPrefix("batch_"))
      let new = try await client.openAIStatus(id)
      #expect(new["status"] == .string("validating") && new["object"] == .string("batch"))
      #expect(new["request_counts"]?.compact == #"{"total":0,"completed":0,"failed":0}"#)
      #expect(new["metadata"]?.compact == #"{"leaven":"m1"}"#)
      #expect(new["created_at"]?.int == Int(SandboxClient.startMs / 1000))
      #expect(new["expires_at"]?.int == Int(SandboxClient.startMs / 1000) + 86_400)
      #expect(new["output_file_id"] == .null && new["errors"] == .null)
      try await client.advance(hours: 0.5)
      let running = try await client.openAIStatus(id)
      #expect(running["status"] == .string("in_progress") && running["in_progress_at"]?.int != nil)
      #expect(running["request_counts"]?["total"]?.int == 20)
      let completed = running["request_counts"]?["completed"]?.int ?? 0
      #expect(completed > 0 && completed < 20)
      #expect(running["model"] == .string("gpt-6-luna"))
      try await client.advance(hours: 2970 / 3600 - 0.5)
      #expect(try await client.openAIStatus(id)["status"] == .string("finalizing"))
      try await client.advance(hours: 0.1)
      let done = try await client.openAIStatus(id)
      #expect(done["status"] == .string("completed") && done["completed_at"]?.int != nil)
      #expect(done["request_counts"]?.compact == #"{"total":20,"completed":20,"failed":0}"#)
      #expect(done["error_file_id"] == .string(""))
      #expect(done["usage"]?["total_tokens"]?.int ?? 0 > 20)
      let rows = try await client.openAIRows(done, "output_file_id")
      #expect(rows.count == 20)
      let response = rows["r7"]?["response"]
      #expect(response?["status_code"]?.int == 200 && rows["r7"]?["error"] == .null)
      let choice = response?["body"]?["choices"]?.array?.first
      #expect(choice?["message"]?["content"] == .string("You wrote: “Say 7”"))
      #expect(choice?["finish_reason"] == .string("stop"))
      #expect(try await client.meter()["rows_billed"]?.int == 20)
    }
  }

  @Test func rowsThatFailHaveAFileOfTheirOwn() async throws {
    let faults = #"""
      {"rows": [{"custom_id": "busy", "outcome": "errored", "type": "rate_limit_error"},
        {"custom_id": "broken", "outcome": "errored"}]}
      """#
    try await SandboxClient.with({
      $0.faults = try FaultScript(parsing: Array(faults.utf8), name: "f")
    }) { (client) async throws in
      let loose = #"{"type":"object","properties":{"a":{"type":"string"}}}"#
      let id = try await client.openAIBatch([
        chatLine("good", "Hello"), chatLine("busy", "Hello"), chatLine("broken", "Hello"),
        chatLine("loose", "Hello", format(loose)),
      ])
      try await client.advance(hours: 1)
      let done = try await client.openAIStatus(id)
      #expect(done["request_counts"]?.compact == #"{"total":4,"completed":1,"failed":3}"#)
      #expect(try await client.openAIRows(done, "output_file_id").keys.sorted() == ["good"])
      let rows = try await client.openAIRows(done, "error_file_id")
      #expect(rows["busy"]?["response"]?["status_code"]?.int == 429)
      #expect(rows["broken"]?["response"]?["status_code"]?.int == 500)
      #expect(rows["loose"]?["response"]?["status_code"]?.int == 400)
      let message = rows["loose"]?["response"]?["body"]?["error"]?["message"]?.string ?? ""
      #expect(
        message == "Invalid schema for response_format 'answer': In context=(), "
          + "'additionalProperties' is required to be supplied and to be false.")
      #expect(rows.values.allSatisfy { $0["error"] == .null })
      #expect(try await client.meter()["rows_billed"]?.int == 1)
    }
  }

  @Test func aBatchInWhichAllFailsHasNoOutput() async throws {
    let faults = #"{"rows": [{"outcome": "errored"}], "switches": {"no_error_file": "null"}}"#
    try await SandboxClient.with({
      $0.faults = try FaultScript(parsing: Array(faults.utf8), name: "f")
    }) { (client) async throws in
      let id = try await client.openAIBatch([chatLine("a", "Hello")])
      try await client.advance(hours: 1)
      let done = try await client.openAIStatus(id)
      #expect(done["status"] == .string("completed") && done["output_file_id"] == .null)
      #expect(done["error_file_id"]?.string?.hasPrefix("file-") == true)
    }
  }

  @Test func cancellationAndExpiryLeaveWhatIsDone() async throws {
    let faults = #"{"batches": [{"which": {"nth": 2}, "done_share": 0.5}]}"#
    try await SandboxClient.with({
      $0.batchDuration = Self.hour
      $0.faults = try FaultScript(parsing: Array(faults.utf8), name: "f")
    }) { (client) async throws in
      let lines = (0..<30).map { chatLine("r\($0)", "Say \($0)") }
      let canceled = try await client.openAIBatch(lines)
      let stuck = try await client.openAIBatch(lines)
      try await client.advance(hours: 0.4)
      let answer = try await client.openAI("POST", "batches/\(canceled)/cancel").json
      #expect(answer["status"] == .string("cancelling") && answer["cancelling_at"]?.int != nil)
      try await client.advance(hours: 0.1)
      let ended = try await client.openAIStatus(canceled)
      #expect(ended["status"] == .string("cancelled") && ended["cancelled_at"]?.int != nil)
      let output = try await client.openAIRows(ended, "output_file_id")
      let errors = try await client.openAIRows(ended, "error_file_id")
      #expect(output.count > 0 && errors.count > 0 && output.count + errors.count == 30)
      #expect(errors.values.allSatisfy { $0["response"] == .null })
      #expect(errors.first?.value["error"]?["code"] == .string("batch_cancelled"))
      #expect(try await client.openAI("POST", "batches/\(canceled)/cancel").status == 200)
      try await client.advance(hours: 24)
      let expired = try await client.openAIStatus(stuck)
      #expect(expired["status"] == .string("expired") && expired["expired_at"]?.int != nil)
      let late = try await client.openAIRows(expired, "error_file_id")
      #expect(late.first?.value["error"]?["code"] == .string("batch_expired"))
      let refused = try await client.openAI("POST", "batches/\(stuck)/cancel")
      #expect(refused.status == 409)
      #expect(refused.message == "Cannot cancel a batch with status 'expired'.")
    }
  }

  @Test func createsAreRefusedAtOnceOrFailLater() async throws {
    try await SandboxClient.with { (client) async throws in
      func answer(_ body: String) async throws -> SandboxClient.Answer {
        try await client.openAI("POST", "batches", body)
      }
      let endpoint = try await answer(
        #"{"input_file_id":"f","endpoint":"/v1/nothing","completion_window":"24h"}"#)
      #expect(endpoint.status == 400 && endpoint.json["error"]?["code"] == .string("invalid_value"))
      #expect(endpoint.json["error"]?["param"] == .string("endpoint"))
      let chat = #""endpoint":"/v1/chat/completions""#
      let window = try await answer(
        "{\"input_file_id\":\"f\",\(chat),\"completion_window\":\"1h\"}")
      #expect(window.status == 400)
      let metadata = try await answer(
        "{\"input_file_id\":\"f\",\(chat),\"completion_window\":\"24h\",\"metadata\":{\"a\":1}}")
      #expect(metadata.json["error"]?["code"] == .string("invalid_type"))
      let unknown = try await answer(
        "{\"input_file_id\":\"file-x\",\(chat),\"completion_window\":\"24h\"}")
      #expect(unknown.status == 200)
      try await client.advance(hours: 0.1)
      let failed = try await client.openAIStatus(unknown.json["id"]?.string ?? "")
      #expect(failed["status"] == .string("failed") && failed["failed_at"]?.int != nil)
      let error = failed["errors"]?["data"]?.array?.first
      #expect(error?["code"] == .string("invalid_request"))
      #expect(error?["param"] == .string("file_id") && error?["line"] == .null)
      let id = failed["id"]?.string ?? ""
      #expect(try await client.openAI("POST", "batches/\(id)/cancel").status == 409)
      let missing = try await client.openAI("GET", "batches/batch_x")
      #expect(missing.status == 404 && missing.message == "No batch found with id 'batch_x'.")
      #expect(missing.headers["x-request-id"]?.hasPrefix("req_") == true)
    }
  }

  @Test func oneBadLineFailsTheWhole() async throws {
    try await SandboxClient.with { (client) async throws in
      let good = chatLine("a", "Hello")
      let cases: [(String, String, String?)] = [
        ("not json", "invalid_json_line", nil),
        (
          #"{"method":"POST","url":"/v1/chat/completions","body":{}}"#,
          "missing_required_parameter", "custom_id"
        ),
        (
          good.replacing("\"a\"", with: "\"b\"").replacing(
            "/v1/chat/completions", with: "/v1/responses"), "invalid_url", "url"
        ),
        (chatLine("b", "x", ",\"stream\":true"), "streaming_unsupported", "body.stream"),
        (
          chatLine("b", "x").replacing("gpt-6-luna", with: "gpt-0"), "model_not_found", "body.model"
        ),
        (
          chatLine("b", "x").replacing("\"model\":\"gpt-6-luna\",", with: ""), "invalid_request",
          "body.model"
        ),
        (good, "duplicate_custom_id", "custom_id"),
        (
          chatLine("b", "x").replacing("gpt-6-luna", with: "gpt-5"), "mismatched_model",
          "body.model"
        ),
      ]
      for (line, code, param) in cases {
        let id = try await client.openAIBatch([good, line, chatLine("c", "after")])
        try await client.advance(hours: 0.1)
        let batch = try await client.openAIStatus(id)
        let errors = batch["errors"]?["data"]?.array ?? []
        #expect(batch["status"] == .string("failed"), "\(code)")
        #expect(errors.count == 1 && errors[0]["code"] == .string(code), "\(errors)")
        #expect(errors.first?["line"]?.int == 2 && errors.first?["param"]?.string == param)
        #expect(batch["output_file_id"] == .null && batch["error_file_id"] == .null)
      }
      let marked = try await client.openAIBatch(["\u{FEFF}" + good])
      try await client.advance(hours: 0.1)
      let error = try await client.openAIStatus(marked)["errors"]?["data"]?.array?.first
      #expect(error?["code"] == .string("invalid_json_line") && error?["line"]?.int == 1)
      #expect(try await client.meter()["rows_billed"]?.int == 0)
    }
  }

  @Test func theQueueOfTokensIsAFailedBatch() async throws {
    let faults = #"{"limits": {"enqueued_tokens": 1000}}"#
    try await SandboxClient.with({
      $0.faults = try FaultScript(parsing: Array(faults.utf8), name: "f")
    }) { (client) async throws in
      let long = chatLine("a", String(repeating: "word ", count: 600))
      let first = try await client.openAIBatch([long])
      let second = try await client.openAIBatch([long])
      try await client.advance(hours: 0.05)
      let failed = try await client.openAIStatus(second)
      let error = failed["errors"]?["data"]?.array?.first
      #expect(error?["code"] == .string("token_limit_exceeded") && error?["line"] == .null)
      #expect(error?["message"]?.string?.contains("Limit: 1000 enqueued tokens") == true)
      try await client.advance(hours: 1)
      #expect(try await client.openAIStatus(first)["status"] == .string("completed"))
      let third = try await client.openAIBatch([long])
      try await client.advance(hours: 1)
      #expect(try await client.openAIStatus(third)["status"] == .string("completed"))
    }
  }

  @Test func aRunOfTheSandboxAfterAKillGoesOn() async throws {
    let scratch = try ScratchDirectory()
    var configuration = SandboxConfiguration()
    configuration.startsAtMs = SandboxClient.startMs
    configuration.directory = scratch.path("state")
    let kept = configuration
    let id = try await SandboxClient.with({ $0 = kept }) { (client) async throws in
      try await client.openAIBatch([chatLine("a", "Hello"), chatLine("b", "World")])
    }
    try await SandboxClient.with({ $0 = kept }) { (client) async throws in
      try await client.advance(hours: 1)
      let done = try await client.openAIStatus(id)
      #expect(try await client.openAIRows(done, "output_file_id").count == 2)
      let page = try await client.openAI("GET", "files?limit=2").json
      #expect(page["data"]?.array?.count == 2 && page["has_more"] == .bool(false))
    }
    try await SandboxClient.with({ $0 = kept }) { (client) async throws in
      let done = try await client.openAIStatus(id)
      #expect(done["status"] == .string("completed"))
      #expect(try await client.openAIRows(done, "output_file_id").count == 2)
      #expect(try await client.meter()["most_per_custom_id"]?.int == 1)
    }
  }
}
