import Records
import Sandbox
import TestSupport
import Testing

/// A batch from its creation to its end, in virtual time.
@Suite struct BatchLifecycleTests {
  @Test func aNewBatchHasTenKeysAndRunsADay() async throws {
    try await SandboxClient.with { (client) async throws in
      let answer = try await client.create(["a": params("Hello"), "b": params("World")])
      #expect(answer.status == 200)
      #expect(answer.headers["leaven-sandbox"] == "1")
      #expect(answer.headers["leaven-sandbox-now-ms"] == "\(SandboxClient.startMs)")
      #expect(answer.headers["date"] == "Wed, 18 Nov 2026 11:06:40 GMT")
      #expect(answer.headers["request-id"]?.hasPrefix("req_") == true)
      #expect(
        answer.json.members?.map(\.key) == [
          "id", "type", "processing_status", "request_counts", "ended_at", "created_at",
          "expires_at",
          "archived_at", "cancel_initiated_at", "results_url",
        ])
      #expect(answer.json["created_at"] == .string("2026-11-18T11:06:40.000001+00:00"))
      #expect(answer.json["expires_at"] == .string("2026-11-19T11:06:40.000001+00:00"))
      #expect(answer.json["request_counts"]?["processing"]?.int == 2)
      #expect(answer.json["results_url"] == .null)
    }
  }

  @Test func itEndsWithinTheHourAndItsResultsAreOnTheSameHost() async throws {
    try await SandboxClient.with { (client) async throws in
      let id = try await client.batch(["a": params("Hello")])
      let running = try await client.call("GET", "messages/batches/\(id)")
      #expect(running.headers["retry-after"] == "10")
      #expect(running.json["processing_status"] == .string("in_progress"))
      #expect(try await client.results(id).status == 404)
      try await client.advance(hours: 1)
      let ended = try await client.call("GET", "messages/batches/\(id)")
      #expect(ended.headers["retry-after"] == nil)
      #expect(ended.json["processing_status"] == .string("ended"))
      #expect(ended.json["request_counts"]?["succeeded"]?.int == 1)
      #expect(ended.json["request_counts"]?["processing"]?.int == 0)
      let url = "\(client.root)/anthropic/v1/messages/batches/\(id)/results"
      #expect(ended.json["results_url"] == .string(url))
      let results = try await client.results(id)
      #expect(results.headers["content-type"] == "application/x-jsonl")
      #expect(
        results.headers["content-disposition"] == "attachment; filename=\"\(id)_results.jsonl\"")
      #expect(results.rows.count == 1 && results.body.last == 0x0A)
    }
  }

  @Test func cancellationKeepsWhatIsDone() async throws {
    let rows: KeyValuePairs = [
      "a": params("1"), "b": params("2"), "c": params("3"), "d": params("4"), "e": params("5"),
      "f": params("6"), "g": params("7"), "h": params("8"),
    ]
    try await SandboxClient.with({ $0.batchDuration = .seconds(3000) ... .seconds(3000) }) {
      (client) async throws in
      let id = try await client.batch(rows)
      try await client.advance(hours: 0.4)
      let canceling = try await client.call("POST", "messages/batches/\(id)/cancel").json
      #expect(canceling["processing_status"] == .string("canceling"))
      #expect(canceling["cancel_initiated_at"]?.string != nil)
      #expect(canceling["request_counts"]?["processing"]?.int == 8)
      try await client.advance(hours: 0.1)
      let counts = try await client.retrieve(id)["request_counts"]
      let (succeeded, canceled) = (counts?["succeeded"]?.int ?? 0, counts?["canceled"]?.int ?? 0)
      #expect(succeeded + canceled == 8 && canceled > 0 && succeeded > 0)
      let types = try await client.results(id).rows.map { $0["result"]?["type"]?.string }
      #expect(types.count { $0 == "canceled" } == canceled)
      #expect(try await client.meter()["rows_billed"]?.int == succeeded)
      let again = try await client.call("POST", "messages/batches/\(id)/cancel").json
      #expect(again["processing_status"] == .string("ended"))
    }
  }

  @Test func aStuckBatchExpiresWithWhatIsDone() async throws {
    let faults = #"{"batches": [{"which": {"nth": 1}, "done_share": 0.5}]}"#
    try await SandboxClient.with({
      $0.faults = try FaultScript(parsing: Array(faults.utf8), name: "f")
    }) {
      (client) async throws in
      let id = try await client.batch([
        "a": params("1"), "b": params("2"), "c": params("3"), "d": params("4"), "e": params("5"),
        "f": params("6"), "g": params("7"), "h": params("8"),
      ])
      try await client.advance(hours: 23.9)
      #expect(try await client.retrieve(id)["processing_status"] == .string("in_progress"))
      try await client.advance(hours: 0.2)
      let batch = try await client.retrieve(id)
      #expect(batch["processing_status"] == .string("ended"))
      let expired = batch["request_counts"]?["expired"]?.int ?? 0
      #expect(expired > 0 && expired < 8)
      #expect(batch["request_counts"]?["succeeded"]?.int == 8 - expired)
    }
  }

  @Test func resultsAreKeptFor29Days() async throws {
    try await SandboxClient.with { (client) async throws in
      let id = try await client.batch(["a": params("Hello")])
      try await client.advance(hours: 24 * 28)
      #expect(try await client.results(id).status == 200)
      try await client.advance(hours: 24)
      #expect(try await client.results(id).status == 404)
      let archived = try await client.retrieve(id)
      #expect(archived["archived_at"]?.string != nil && archived["results_url"] == .null)
      #expect(archived["request_counts"]?["succeeded"]?.int == 1)
    }
  }

  @Test func deletionIsForEndedBatches() async throws {
    try await SandboxClient.with { (client) async throws in
      let id = try await client.batch(["a": params("Hello")])
      #expect(try await client.call("DELETE", "messages/batches/\(id)").status == 400)
      try await client.advance(hours: 1)
      let deleted = try await client.call("DELETE", "messages/batches/\(id)").json
      #expect(deleted.compact == "{\"id\":\"\(id)\",\"type\":\"message_batch_deleted\"}")
      #expect(try await client.call("GET", "messages/batches/\(id)").status == 404)
      #expect(try await client.meter()["rows_billed"]?.int == 1)
    }
  }

  @Test func listsAreNewestFirstAndPaged() async throws {
    try await SandboxClient.with { (client) async throws in
      let empty = try await client.call("GET", "messages/batches").json
      #expect(empty.compact == #"{"data":[],"has_more":false,"first_id":null,"last_id":null}"#)
      var made: [String] = []
      for number in 0..<5 { made.append(try await client.batch(["a": params("\(number)")])) }
      func ids(_ query: String) async throws -> ([String], Bool) {
        let page = try await client.call("GET", "messages/batches?\(query)").json
        let ids = page["data"]?.array?.compactMap { $0["id"]?.string } ?? []
        return (ids, page["has_more"]?.bool ?? false)
      }
      #expect(try await ids("limit=2") == ([made[4], made[3]], true))
      #expect(try await ids("limit=2&after_id=\(made[3])") == ([made[2], made[1]], true))
      #expect(try await ids("limit=2&after_id=\(made[1])") == ([made[0]], false))
      #expect(try await ids("limit=2&before_id=\(made[1])") == ([made[3], made[2]], true))
      #expect(try await client.call("GET", "messages/batches?limit=0").status == 400)
      #expect(try await client.call("GET", "messages/batches?limit=1001").status == 400)
    }
  }
}
