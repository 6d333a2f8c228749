import Foundation
import Records
import TestSupport
import Testing

@testable import Providers

struct OpenAIBatchesTests {
  static let secret = "sk-proj-0123456789"

  static func batch(
    _ id: String = "batch_1", status: String = "in_progress", more: String = ""
  ) -> String {
    """
    {"id":"\(id)","object":"batch","endpoint":"/v1/chat/completions","input_file_id":"file-in",\
    "status":"\(status)","created_at":1795132800,"expires_at":1795219200,\
    "request_counts":{"total":3,"completed":1,"failed":1},"metadata":{"leaven":"mark"}\(more)}
    """
  }

  private func batches(_ server: ScriptedServer) throws -> OpenAIBatches {
    let key = try #require(APIKey(Self.secret))
    let address = ProviderAddress(
      baseURL: "\(server.url)/openai/v1/", key: key, apiVersion: "", form: .chat)
    return try #require(OpenAIBatches(at: address, client: HTTPClient()))
  }

  private func failure<Value>(
    _ call: () async throws(ProviderError) -> Value
  ) async -> ProviderError? {
    do throws(ProviderError) {
      _ = try await call()
      return nil
    } catch {
      return error
    }
  }

  private func shard(_ folder: ScratchDirectory) throws -> ShardBody {
    let path = try folder.write("{\"custom_id\":\"a\"}\n{\"custom_id\":\"b\"}\n", to: "shard")
    return ShardBody(path: path, fileByteCount: 36)
  }

  @Test func createUploadsTheLinesAndOrdersTheBatch() async throws {
    let server = try ScriptedServer([
      .answer(200, body: #"{"id":"file-in","object":"file","bytes":36}"#),
      .answer(200, body: Self.batch(status: "validating")),
    ])
    defer { server.stop() }
    let folder = try ScratchDirectory()
    let state = try await batches(server).create(try shard(folder), marker: "mark")
    #expect(state.id == "batch_1" && state.status == .inProgress && state.marker == "mark")
    #expect(state.createdAt == 1_795_132_800_000 && state.expiresAt == 1_795_219_200_000)
    #expect(state.counts.total == 3 && state.counts.processing == 1)
    let upload = server.requests[0]
    #expect(upload.path == "/openai/v1/files" && upload.method == "POST")
    #expect(upload.headers["authorization"] == "Bearer \(Self.secret)")
    let type = try #require(upload.headers["content-type"])
    let boundary = try #require(type.split(separator: "boundary=").last)
    #expect(
      upload.text == """
        --\(boundary)\r\nContent-Disposition: form-data; name="purpose"\r\n\r\nbatch\r\n--\(boundary)\r\n\
        Content-Disposition: form-data; name="file"; filename="requests.jsonl"\r\n\
        Content-Type: application/octet-stream\r\n\r\n{"custom_id":"a"}
        {"custom_id":"b"}
        \r\n--\(boundary)--\r\n
        """)
    #expect(upload.headers["content-length"] == "\(upload.body.count)")
    #expect(server.requests[1].path == "/openai/v1/batches")
    #expect(
      server.requests[1].text
        == #"{"input_file_id":"file-in","endpoint":"/v1/chat/completions","completion_window":"24h","metadata":{"leaven":"mark"}}"#
    )
  }

  @Test func aFailedUploadLeavesNoDoubt() async throws {
    for reply in [
      ScriptedServer.Reply.reset, .answer(500, body: "<html>"), .cut(200, announced: 90, body: "{"),
    ] {
      let server = try ScriptedServer([reply])
      defer { server.stop() }
      let client = try batches(server)
      let folder = try ScratchDirectory()
      let body = try shard(folder)
      let error = await failure { () throws(ProviderError) in
        try await client.create(body, marker: "m")
      }
      #expect(error?.operation == .upload && error?.outcome != .ambiguous)
      #expect(server.requests.count == 1)
    }
  }

  @Test func aRefusedOrderRemovesItsFileAndALostOneKeepsIt() async throws {
    let refused = try ScriptedServer([
      .answer(200, body: #"{"id":"file-in"}"#),
      .answer(
        429, headers: ["x-request-id": "r1"],
        body:
          #"{"error":{"message":"no money","type":"insufficient_quota","code":"credit_balance_exhausted"}}"#
      ), .answer(200, body: #"{"deleted":true}"#),
    ])
    defer { refused.stop() }
    let client = try batches(refused)
    let folder = try ScratchDirectory()
    let body = try shard(folder)
    let error = await failure { () throws(ProviderError) in
      try await client.create(body, marker: "m")
    }
    #expect(error?.stopsRun == true && error?.requestID == "r1" && error?.outcome == .refused)
    #expect(refused.requests.map(\.method) == ["POST", "POST", "DELETE"])
    #expect(refused.requests.last?.path == "/openai/v1/files/file-in")

    let lost = try ScriptedServer([.answer(200, body: #"{"id":"file-in"}"#), .reset])
    defer { lost.stop() }
    let other = try batches(lost)
    let doubt = await failure { () throws(ProviderError) in
      try await other.create(body, marker: "m")
    }
    #expect(doubt?.outcome == .ambiguous && lost.requests.count == 2)
  }

  @Test func bothFilesBecomeOne() async throws {
    let folder = try ScratchDirectory()
    let server = try ScriptedServer([
      .answer(
        200,
        body: Self.batch(
          status: "expired", more: #","output_file_id":"file-out","error_file_id":"file-err""#)),
      .answer(200, body: #"{"custom_id":"a"}"#), .answer(200, body: "{\"custom_id\":\"b\"}\n"),
      .answer(200, body: "rest"), .cut(200, announced: 9, body: "x"),
    ])
    defer { server.stop() }
    let client = try batches(server)
    let state = try await client.retrieve("batch_1")
    #expect(state.isEnded && state.end == .expired)
    let got = try await client.results(of: state, to: folder.path("r"))
    #expect(try folder.text(of: "r") == "{\"custom_id\":\"a\"}\n{\"custom_id\":\"b\"}\n")
    #expect(got.byteCount == 35 && server.requests[2].path == "/openai/v1/files/file-err/content")
    let cut = await failure { () throws(ProviderError) in
      try await client.results(of: state, to: folder.path("r"))
    }
    #expect(cut?.isTransient == true && !FileManager.default.fileExists(atPath: folder.path("r")))
  }

  @Test func emptyIDsAreNoFiles() async throws {
    let folder = try ScratchDirectory()
    let server = try ScriptedServer([
      .answer(
        200,
        body: Self.batch(status: "CANCELLED", more: #","output_file_id":"","error_file_id":null"#))
    ])
    defer { server.stop() }
    let client = try batches(server)
    let state = try await client.retrieve("batch_1")
    #expect(state.end == .canceled && state.files == .init(input: "file-in"))
    #expect(try await client.results(of: state, to: folder.path("r")).byteCount == 0)
    #expect(try folder.text(of: "r").isEmpty && server.requests.count == 1)
  }

  @Test func aFailedBatchSaysWhichLine() async throws {
    let errors =
      #","errors":{"object":"list","data":[{"code":"invalid_json_line","message":"bad","line":2,"param":null}]}"#
    let full =
      #","errors":{"data":[{"code":"token_limit_exceeded","message":"Enqueued token limit","line":null}]}"#
    let server = try ScriptedServer([
      .answer(200, body: Self.batch(status: "failed", more: errors)),
      .answer(200, body: Self.batch(status: "failed", more: full)),
      .answer(200, body: Self.batch(status: "FAILED", more: #","error":"no luck""#)),
    ])
    defer { server.stop() }
    let client = try batches(server)
    let bad = try #require(try await client.retrieve("batch_1").failure)
    #expect(bad.problem(ofLine: 2)?.message == "bad" && bad.problem(ofLine: 1) == nil)
    #expect(bad.ofAll == nil && !bad.isQueueFull)
    #expect(try await client.retrieve("batch_1").failure?.isQueueFull == true)
    let other = try #require(try await client.retrieve("batch_1").failure)
    #expect(other.ofAll?.message == "no luck" && other.ofAll.map(other.isPermanent) == false)
  }

  @Test func cancelingWhatIsOverTellsHowItIs() async throws {
    let server = try ScriptedServer([
      .answer(
        409, body: #"{"error":{"message":"Cannot cancel a batch with status 'completed'."}}"#),
      .answer(200, body: Self.batch(status: "completed")),
    ])
    defer { server.stop() }
    let state = try await batches(server).cancel("batch_1")
    #expect(state.isEnded && server.requests.map(\.method) == ["POST", "GET"])
  }

  @Test func deletingRemovesTheFiles() async throws {
    let server = try ScriptedServer([
      .answer(
        200, body: Self.batch(status: "completed", more: #","output_file_id":"file-out""#)),
      .answer(404, body: #"{"error":{"message":"gone"}}"#), .answer(200, body: "{}"),
    ])
    defer { server.stop() }
    try await batches(server).delete("batch_1")
    #expect(
      server.requests.map(\.path).suffix(2) == [
        "/openai/v1/files/file-out", "/openai/v1/files/file-in",
      ])
  }

  @Test func listingsGoOnUntilTheTime() async throws {
    let older = Self.batch("batch_0").replacingOccurrences(of: "1795132800", with: "1795000000")
    let server = try ScriptedServer([
      .answer(
        200, body: #"{"object":"list","data":[\#(Self.batch("batch_2"))],"has_more":true}"#),
      .answer(200, body: #"{"data":[\#(Self.batch()),\#(older)],"has_more":true}"#),
      .answer(200, body: "[\(Self.batch(status: "COMPLETED"))]"),
    ])
    defer { server.stop() }
    let page = try await batches(server).list(createdSince: 1_795_132_000_000)
    #expect(page.batches.map(\.id) == ["batch_2", "batch_1"])
    #expect(server.requests[1].path == "/openai/v1/batches?limit=100&after=batch_2")
    #expect(try await batches(server).newest().batches.first?.isEnded == true)
  }

  @Test func oneFileForBothOutcomesIsLoadedOnceAndReadWhole() async throws {
    let folder = try ScratchDirectory()
    let rows =
      #"{"custom_id":"a","response":{"status_code":200,"body":{"choices":[{"finish_reason":"stop","message":{"content":"well"}}]}},"error":null}"#
      + "\n"
      + #"{"custom_id":"b","response":{"status_code":503,"body":{"error":{"message":"busy"}}},"error":null}"#
      + "\n" + #"{"custom_id":"c","response":null,"error":{"message":"lost"}}"# + "\n"
    let server = try ScriptedServer([
      .answer(
        200,
        body:
          #"{"id":"b-1","status":"COMPLETED","created_at":"2026-11-20T00:00:00Z","output_file_id":"file-1","error_file_id":"file-1"}"#
      ), .answer(200, body: rows),
    ])
    defer { server.stop() }
    let client = try batches(server)
    let state = try await client.retrieve("b-1")
    #expect(state.isEnded)
    _ = try await client.results(of: state, to: folder.path("r"))
    #expect(server.requests.count == 2)
    #expect(try folder.text(of: "r") == rows)
    var tape = JSONTape()
    let outcomes = rows.split(separator: "\n").map { line in
      var line = String(line)
      return line.withUTF8 { bytes in
        let row = ResultRow(bytes, using: &tape)
        if case .succeeded = row.outcome { return "\(row.customID?.text ?? "") succeeded" }
        return "\(row.customID?.text ?? "") failed"
      }
    }
    #expect(outcomes == ["a succeeded", "b failed", "c failed"])
  }

  @Test(arguments: ["completed", "Completed", "COMPLETED", "cOmPlEtEd"])
  func statusesAreReadInAnyCaseAndTimesAsNumbersOrTexts(_ status: String) async throws {
    let times = [
      "1795132800", "1795132800.0", #""2026-11-20T00:00:00Z""#, #""2026-11-20T00:00:00.000+00:00""#,
    ]
    let server = try ScriptedServer(
      times.map {
        .answer(200, body: #"{"id":"b-1","status":"\#(status)","created_at":\#($0)}"#)
      })
    defer { server.stop() }
    let client = try batches(server)
    for time in times {
      let state = try await client.retrieve("b-1")
      #expect(state.isEnded && state.createdAt == 1_795_132_800_000, "\(time)")
      #expect(state.counts.total == 0 && state.files.output == nil)
    }
  }

  @Test func timesAndCountsOfOtherServersAreRead() async throws {
    let server = try ScriptedServer([
      .answer(
        200,
        body: #"{"job":{"id":"b-1","status":"VALIDATING","created_at":"2026-11-20T00:00:00Z"}}"#)
    ])
    defer { server.stop() }
    let state = try await batches(server).retrieve("b-1")
    #expect(state.createdAt == 1_795_132_800_000 && state.counts.total == 0 && !state.isEnded)
  }
}
