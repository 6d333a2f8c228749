import Foundation
import Records
import Sandbox
import Testing

/// Bad nights, as a fault script has them.
@Suite struct FaultTests {
  private func with<Value>(
    _ script: String, answers: String = "", _ body: (SandboxClient) async throws -> Value
  ) async throws -> Value {
    try await SandboxClient.with(
      { configuration in
        configuration.faults = try FaultScript(parsing: Array(script.utf8), name: "faults.json")
        configuration.answers = try AnswerScript(
          parsing: Array(answers.utf8), name: "answers.jsonl")
      }, body)
  }

  private static let sixRows: KeyValuePairs<String, String> = [
    "r1": params("one"), "r2": params("two"), "r3": params("three"), "r4": params("four"),
    "r5": params("five"), "r6": params("six"),
  ]

  @Test func aRefusalHappensOnItsCallsOnly() async throws {
    let script = """
      {"calls": [{"route": "create", "calls": {"nth": [1, 3]}, "status": 429, "code": "ramp_limit_exceeded",
        "message": "slower", "headers": {"retry-after": "7", "x-should-retry": "true"}},
       {"route": "create", "calls": {"nth": 4}, "status": 503, "retry_after_date_s": 60},
       {"route": "create", "calls": {"nth": 5}, "status": 502, "body": "<html>bad gateway</html>"}]}
      """
    try await with(script) { (client) async throws in
      var answers: [SandboxClient.Answer] = []
      for _ in 0..<5 { answers.append(try await client.create(["a": params("Hello")])) }
      #expect(answers.map(\.status) == [429, 200, 429, 503, 502])
      #expect(answers[0].headers["retry-after"] == "7")
      #expect(answers[0].headers["x-should-retry"] == "true")
      #expect(answers[0].json["error"]?["type"] == .string("rate_limit_error"))
      #expect(
        answers[0].json["error"]?["details"]?["error_code"] == .string("ramp_limit_exceeded"))
      #expect(answers[3].headers["retry-after"] == "Wed, 18 Nov 2026 11:07:40 GMT")
      #expect(answers[4].text == "<html>bad gateway</html>")
      #expect(answers.allSatisfy { $0.headers["leaven-sandbox"] == "1" })
      #expect(try await client.meter()["batches_created"]?.int == 1)
    }
  }

  @Test func aResetBeforeHeadersStoresNothing() async throws {
    try await with(
      #"{"calls": [{"route": "create", "calls": {"nth": 1}, "reset": "before_headers"}]}"#
    ) {
      (client) async throws in
      await #expect(throws: URLError.self) { try await client.create(["a": params("Hello")]) }
      #expect(try await client.call("GET", "messages/batches").json["data"] == .array([]))
    }
  }

  @Test func aResetAfterStoringLeavesAnOrphan() async throws {
    try await with(
      #"{"calls": [{"route": "create", "calls": {"nth": 1}, "reset": "after_store"}]}"#
    ) {
      (client) async throws in
      await #expect(throws: URLError.self) { try await client.create(["a": params("Hello")]) }
      let page = try await client.call("GET", "messages/batches").json
      #expect(page["data"]?.array?.count == 1)
      let entry = try await client.journal().first
      #expect(entry?["fault"] == .string("reset after_store") && entry?["rows"]?.int == 1)
      #expect(entry?["status"] == .null)
    }
  }

  @Test func resultsBreakOnceAndThenArrive() async throws {
    let script =
      #"{"calls": [{"route": "results", "calls": {"nth": 1}, "reset": "mid_body", "after_bytes": 700}]}"#
    try await with(script) { (client) async throws in
      let id = try await client.batch(Self.sixRows)
      try await client.advance(hours: 1)
      await #expect(throws: URLError.self) { try await client.results(id) }
      #expect(try await client.results(id).rows.count == 6)
    }
  }

  @Test func aCutStreamEndsEarlyWithoutAnError() async throws {
    try await with(#"{"calls": [{"route": "results", "cut_after_bytes": 700}]}"#) {
      (client) async throws in
      let id = try await client.batch(Self.sixRows)
      try await client.advance(hours: 1)
      #expect(try await client.results(id).body.count == 700)
    }
  }

  @Test func smallChunksArriveWhole() async throws {
    try await with(#"{"calls": [{"route": "results", "chunk_bytes": 7}]}"#) {
      (client) async throws in
      let id = try await client.batch(["a": params("größer 😀 als")])
      try await client.advance(hours: 1)
      #expect(try await client.results(id).text.contains("größer 😀 als"))
    }
  }

  @Test(
    arguments: [
      ("duplicate_rows", 8, "\n"), ("missing_rows", 4, "\n"), ("unknown_ids", 7, "\n"),
      ("crlf", 6, "\r\n"), ("no_final_newline", 6, "}"),
    ])
  func resultsAreMangled(mangling: String, rows: Int, end: String) async throws {
    try await with("{\"calls\": [{\"route\": \"results\", \"mangle\": [\"\(mangling)\"]}]}") {
      (client) async throws in
      let id = try await client.batch(Self.sixRows)
      try await client.advance(hours: 1)
      let answer = try await client.results(id)
      #expect(answer.rows.count == rows)
      #expect(answer.body.suffix(end.utf8.count).elementsEqual(end.utf8))
    }
  }

  @Test func aTornLineAndUnknownTypes() async throws {
    let script = """
      {"calls": [{"route": "results", "calls": {"nth": 1}, "mangle": ["torn_last_line"]},
        {"route": "results", "calls": {"nth": 2}, "mangle": ["unknown_types", "extra_fields", "flat_errors"]}],
       "rows": [{"custom_id": "r2", "outcome": "errored", "type": "overloaded_error"}],
       "switches": {"order": "source"}}
      """
    try await with(script) { (client) async throws in
      let id = try await client.batch(Self.sixRows)
      try await client.advance(hours: 1)
      #expect(try await client.results(id).rows.count == 5)
      let rows = try await client.results(id).rows
      #expect(rows.compactMap { $0["custom_id"]?.string } == ["r1", "r2", "r3", "r4", "r5", "r6"])
      #expect(rows[0]["result"]?["type"] == .string("postponed") && rows[0]["trace"] != nil)
      #expect(rows[1]["result"]?["error"]?["type"] == .string("overloaded_error"))
    }
  }

  @Test func rowsComeOutAsTold() async throws {
    let script = """
      {"rows": [
        {"custom_id": "r1", "outcome": "errored", "type": "overloaded_error", "message": "busy", "code": "x"},
        {"custom_id": "r2", "outcome": "expired"}, {"custom_id": "r3", "outcome": "canceled"},
        {"contains": "four", "outcome": "refusal", "category": "bio"},
        {"custom_id": "*5", "outcome": "max_tokens"}, {"custom_id": "r6", "outcome": "pause_turn"}]}
      """
    try await with(script) { (client) async throws in
      let found = try await client.outcome(Self.sixRows)
      #expect(found["r1"]?["error"]?["error"]?["type"] == .string("overloaded_error"))
      #expect(found["r1"]?["error"]?["error"]?["details"]?["error_code"] == .string("x"))
      #expect(found["r2"]?.compact == #"{"type":"expired"}"#)
      #expect(found["r3"]?.compact == #"{"type":"canceled"}"#)
      let details = found["r4"]?["message"]?["stop_details"]
      #expect(details?["type"] == .string("refusal") && details?["category"] == .string("bio"))
      #expect(found["r4"]?["message"]?["stop_reason"] == .string("refusal"))
      #expect(found["r5"]?["message"]?["stop_reason"] == .string("max_tokens"))
      #expect(found["r6"]?["message"]?["stop_reason"] == .string("pause_turn"))
      #expect(try await client.meter()["rows_billed"]?.int == 3)
    }
  }

  @Test func oddAnswersAreWellFormedRows() async throws {
    let script = """
      {"rows": [{"custom_id": "r1", "outcome": "invalid_answer"}, {"custom_id": "r2", "outcome": "not_json"},
        {"custom_id": "r3", "outcome": "empty_answer"}, {"custom_id": "r4", "outcome": "unicode"},
        {"custom_id": "r5", "outcome": "huge"}]}
      """
    try await with(script) { (client) async throws in
      let id = try await client.batch(Self.sixRows)
      try await client.advance(hours: 1)
      let answer = try await client.results(id)
      #expect(answer.rows.count == 6)
      #expect(answer.text.unicodeScalars.contains("\u{2028}"))
      #expect(answer.text.contains(#"\u0000"#) && answer.text.contains(#"\r\n"#))
      #expect(answer.body.count > 1_200_000)
      let empty = answer.rows.first { $0["custom_id"] == .string("r3") }
      #expect(empty?["result"]?["message"]?["content"] == .array([]))
    }
  }

  @Test func aShareIsDrawnAnewInEachBatch() async throws {
    try await with(#"{"rows": [{"share": 0.3, "outcome": "errored"}]}"#) { (client) async throws in
      var errored: [Set<String>] = []
      for _ in 0..<2 {
        let found = try await client.outcome(Self.sixRows)
        errored.append(Set(found.filter { $0.value["type"] == .string("errored") }.keys))
      }
      #expect(errored[0] != errored[1])
    }
  }

  @Test func othersCancelABatch() async throws {
    let script =
      #"{"batches": [{"which": {"nth": 1}, "duration_s": 7200, "cancel_after_s": 3000}]}"#
    try await with(script) { (client) async throws in
      let id = try await client.batch(Self.sixRows)
      try await client.advance(hours: 0.5)
      #expect(try await client.retrieve(id)["processing_status"] == .string("in_progress"))
      try await client.advance(hours: 0.34)
      #expect(try await client.retrieve(id)["processing_status"] == .string("canceling"))
      try await client.advance(hours: 1)
      let ended = try await client.retrieve(id)
      #expect(ended["processing_status"] == .string("ended"))
      #expect(ended["request_counts"]?["canceled"]?.int ?? 0 > 0)
    }
  }

  @Test func limitsAnswer429() async throws {
    let script = #"{"limits": {"requests_per_minute": 3, "rows_in_queue": 8}}"#
    try await with(script) { (client) async throws in
      #expect(try await client.create(Self.sixRows).status == 200)
      let full = try await client.create(Self.sixRows)
      #expect(full.status == 429 && full.headers["retry-after"] == "60")
      #expect(try await client.create(["a": params("a")]).status == 200)
      let often = try await client.call("GET", "messages/batches")
      #expect(often.status == 429)
      #expect(often.headers["anthropic-ratelimit-requests-remaining"] == "0")
      try await client.advance(hours: 1)
      #expect(try await client.create(Self.sixRows).status == 200)
    }
  }

  @Test func scriptedAnswersComeFirst() async throws {
    let answers = """
      {"match": {"custom_id": "r1"}, "answer": {"label": "x"}}

      {"match": {"contains": "two"}, "answer": "Zwei.", "stop_reason": "stop_sequence"}
      {"match": {"custom_id": "r3"}, "error": {"type": "api_error", "message": "broken"}}
      {"match": {"custom_id": "r*", "batches": {"from": 2}}, "answer": "later"}
      """
    try await with("{}", answers: answers) { (client) async throws in
      let found = try await client.outcome(Self.sixRows)
      func text(_ id: String) -> String? {
        found[id]?["message"]?["content"]?.array?.first?["text"]?.string
      }
      #expect(text("r1") == #"{"label":"x"}"#)
      #expect(text("r2") == "Zwei.")
      #expect(found["r2"]?["message"]?["stop_sequence"]?.string != nil)
      #expect(found["r3"]?["error"]?["error"]?["message"] == .string("broken"))
      #expect(text("r4") == "You wrote: “four”")
      let later = try await client.outcome(["r9": params("nine")])
      #expect(later["r9"]?["message"]?["content"]?.array?.first?["text"] == .string("later"))
    }
  }

  @Test(
    arguments: [
      (#"{"call": []}"#, "faults.json has an unknown member 'call'"),
      (#"{"calls": [{"route": "made"}]}"#, "faults.json, calls[0] has an unknown route 'made'"),
      (#"{"calls": [{"route": "create"}]}"#, "faults.json, calls[0] says nothing that happens"),
      (#"{"rows": [{"outcome": "lost"}]}"#, "faults.json, rows[0] has an unknown outcome 'lost'"),
      (
        #"{"batches": [{"which": {"only": 1}}]}"#,
        "faults.json, batches[0], which has an unknown member 'only'"
      ),
      ("7", "faults.json is no object"),
    ])
  func misspeltScriptsAreRefused(script: String, words: String) throws {
    let error = #expect(throws: SandboxError.self) {
      try FaultScript(parsing: Array(script.utf8), name: "faults.json")
    }
    #expect(error?.code == .scriptInvalid)
    #expect(error?.sentence.hasPrefix(words) == true, "\(error?.sentence ?? "")")
  }
}
