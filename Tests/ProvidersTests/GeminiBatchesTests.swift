import Foundation
import Records
import TestSupport
import Testing

@testable import Providers

struct GeminiBatchesTests {
  static let secret = "AIzaSy0123456789"

  static func operation(
    _ id: String = "b1", state: String = "BATCH_STATE_RUNNING", metadata: String = "",
    more: String = ""
  ) -> String {
    """
    {"name":"batches/\(id)","metadata":{"name":"batches/\(id)","model":"models/gemini-2.5-flash",\
    "displayName":"mark","inputConfig":{"fileName":"files/in-1"},"state":"\(state)",\
    "createTime":"2026-11-20T00:00:00.123456789Z",\
    "batchStats":{"requestCount":"3","successfulRequestCount":"2"}\(metadata)}\(more)}
    """
  }

  private static let line =
    #"{"key":"a","request":{"model":"models/gemini-2.5-flash","contents":[]}}"# + "\n"

  private func batches(_ url: String, version: String = "v1") throws -> GeminiBatches {
    let key = try #require(APIKey(Self.secret))
    let address = ProviderAddress(
      baseURL: "\(url)/gemini/", key: key, apiVersion: version, form: .generate)
    return try #require(GeminiBatches(at: address, client: HTTPClient()))
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

  private func shard(_ folder: ScratchDirectory, _ text: String = line) throws -> ShardBody {
    ShardBody(path: try folder.write(text, to: "shard"), fileByteCount: text.utf8.count)
  }

  @Test func anUploadSaysWhatComes() async throws {
    let server = try ScriptedServer([.answer(200, body: "{}")])
    defer { server.stop() }
    let folder = try ScratchDirectory()
    let client = try batches(server.url)
    let body = try shard(folder)
    let error = await failure { () throws(ProviderError) in
      try await client.create(body, marker: "mark")
    }
    #expect(error?.operation == .upload && error?.outcome == .notReceived)
    let start = server.requests[0]
    #expect(start.path == "/gemini/upload/v1/files" && start.method == "POST")
    #expect(start.headers["x-goog-api-key"] == Self.secret)
    #expect(start.headers["x-goog-upload-protocol"] == "resumable")
    #expect(start.headers["x-goog-upload-command"] == "start")
    #expect(start.headers["x-goog-upload-header-content-length"] == "\(Self.line.utf8.count)")
    #expect(
      start.text
        == #"{"file":{"display_name":"mark","mime_type":"application/jsonl","size_bytes":"\#(Self.line.utf8.count)"}}"#
    )
  }

  @Test func theBytesGoWithoutTheKey() async throws {
    let folder = try ScratchDirectory()
    let server = try ScriptedServer([])
    defer { server.stop() }
    server.goOn(with: [
      .answer(200, headers: ["X-Goog-Upload-URL": "\(server.url)/up/7"], body: "{}"),
      .answer(200, body: #"{"file":{"name":"files/in-1"}}"#),
      .answer(200, body: Self.operation(state: "BATCH_STATE_PENDING")),
    ])
    let state = try await batches(server.url).create(try shard(folder), marker: "mark")
    #expect(state.id == "b1" && state.status == .inProgress && state.marker == "mark")
    #expect(state.createdAt == 1_795_132_800_123 && state.counts.total == 3)
    #expect(state.files == .init(input: "in-1"))
    let bytes = server.requests[1]
    #expect(bytes.path == "/up/7" && bytes.text == Self.line)
    #expect(bytes.headers["x-goog-api-key"] == nil)
    #expect(bytes.headers["x-goog-upload-command"] == "upload, finalize")
    #expect(bytes.headers["x-goog-upload-offset"] == "0")
    let order = server.requests[2]
    #expect(order.path == "/gemini/v1/models/gemini-2.5-flash:batchGenerateContent")
    #expect(order.headers["x-goog-api-key"] == Self.secret)
    #expect(
      order.text
        == #"{"batch":{"displayName":"mark","inputConfig":{"fileName":"files/in-1"}}}"#)
  }

  @Test func anUploadThatBreaksGoesOnWhereItWas() async throws {
    let folder = try ScratchDirectory()
    let server = try ScriptedServer([])
    defer { server.stop() }
    let active = ["X-Goog-Upload-Status": "active", "X-Goog-Upload-Size-Received": "10"]
    server.goOn(with: [
      .answer(200, headers: ["X-Goog-Upload-URL": "\(server.url)/up"], body: "{}"), .reset,
      .answer(200, headers: active, body: "{}"), .answer(503, body: "<html>"),
      .answer(200, headers: active, body: "{}"),
      .answer(200, body: #"{"file":{"name":"files/in-1"}}"#), .answer(200, body: Self.operation()),
    ])
    let state = try await batches(server.url).create(try shard(folder), marker: "mark")
    #expect(state.files.input == "in-1")
    let requests = server.requests
    let commands = requests[1...5].map { $0.headers["x-goog-upload-command"] ?? "" }
    let whole = "upload, finalize"
    #expect(commands == [whole, "query", whole, "query", whole])
    #expect(requests[5].headers["x-goog-upload-offset"] == "10")
    #expect(requests[5].text == Self.line.dropFirst(10))
    #expect(requests.dropFirst().prefix(5).allSatisfy { $0.headers["x-goog-api-key"] == nil })
  }

  @Test func anUploadWhoseAnswerWasLostBeginsAnew() async throws {
    let folder = try ScratchDirectory()
    let server = try ScriptedServer([])
    defer { server.stop() }
    server.goOn(with: [
      .answer(200, headers: ["X-Goog-Upload-URL": "\(server.url)/up"], body: "{}"), .reset,
      .answer(200, headers: ["X-Goog-Upload-Status": "final"], body: "{}"),
    ])
    let client = try batches(server.url)
    let body = try shard(folder)
    let error = await failure { () throws(ProviderError) in
      try await client.create(body, marker: "m")
    }
    #expect(error?.isTransient == true && error?.outcome == .notReceived)
    #expect(server.requests.count == 3)
  }

  @Test func promptsDoNotGoToAnotherPlainAddress() async throws {
    let folder = try ScratchDirectory()
    let server = try ScriptedServer([
      .answer(200, headers: ["X-Goog-Upload-URL": "http://example.com/up"], body: "{}")
    ])
    defer { server.stop() }
    let client = try batches(server.url)
    let body = try shard(folder)
    let error = await failure { () throws(ProviderError) in
      try await client.create(body, marker: "m")
    }
    #expect(error?.description.contains("http://example.com, in the clear") == true)
    #expect(error?.isTransient == false && server.requests.count == 1)
  }

  @Test func aShardWithoutAModelIsNotSent() async throws {
    let folder = try ScratchDirectory()
    let server = try ScriptedServer([])
    defer { server.stop() }
    let client = try batches(server.url)
    let body = try shard(folder, "{\"key\":\"a\",\"request\":{}}\n")
    let error = await failure { () throws(ProviderError) in
      try await client.create(body, marker: "m")
    }
    #expect(error?.outcome == .notReceived && server.requests.isEmpty)
  }

  @Test func aRefusedOrderRemovesItsFileAndALostOneKeepsIt() async throws {
    let folder = try ScratchDirectory()
    let body = try shard(folder)
    for (reply, methods) in [
      (
        ScriptedServer.Reply.answer(
          429,
          body:
            #"{"error":{"code":429,"message":"quota","status":"RESOURCE_EXHAUSTED","details":[{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"17.5s"}]}}"#
        ), ["POST", "POST", "POST", "DELETE"]
      ), (.reset, ["POST", "POST", "POST"]),
    ] {
      let server = try ScriptedServer([])
      defer { server.stop() }
      server.goOn(with: [
        .answer(200, headers: ["X-Goog-Upload-URL": "\(server.url)/up"], body: "{}"),
        .answer(200, body: #"{"file":{"name":"files/in-1"}}"#), reply, .answer(200, body: "{}"),
      ])
      let client = try batches(server.url)
      let error = await failure { () throws(ProviderError) in
        try await client.create(body, marker: "m")
      }
      #expect(server.requests.map(\.method) == methods)
      if error?.status == 429 {
        #expect(error?.outcome == .refused && error?.isTransient == true)
        #expect(error?.type == "RESOURCE_EXHAUSTED" && error?.retryAfter == .milliseconds(17_500))
        #expect(server.requests.last?.path == "/gemini/v1/files/in-1")
      } else {
        #expect(error?.outcome == .ambiguous)
      }
    }
  }

  @Test func aKeyThatIsNotLetInStopsTheRun() async throws {
    let words = "API key not valid. Please pass a valid API key."
    for details in ["", #","details":[{"reason":"API_KEY_INVALID","domain":"googleapis.com"}]"#] {
      let server = try ScriptedServer([
        .answer(
          400,
          body:
            #"{"error":{"code":400,"message":"\#(words)","status":"INVALID_ARGUMENT"\#(details)}}"#)
      ])
      defer { server.stop() }
      let client = try batches(server.url)
      let error = await failure { () throws(ProviderError) in try await client.newest() }
      #expect(error?.stopsRun == true && error?.hint?.contains("check the key") == true)
    }
  }

  @Test(arguments: [
    ("BATCH_STATE_PENDING", BatchState.Status.inProgress), ("JOB_STATE_QUEUED", .inProgress),
    ("JOB_STATE_RUNNING", .inProgress), ("BATCH_STATE_SUCCEEDED", .ended),
    ("JOB_STATE_PARTIALLY_SUCCEEDED", .ended), ("BATCH_STATE_EXPIRED", .ended),
    ("BATCH_STATE_CANCELLED", .ended), ("BATCH_STATE_NEW", .unknown("NEW")),
  ])
  func statesHaveTwoNames(_ word: String, _ status: BatchState.Status) throws {
    let value = try JSONValue(parsing: Self.operation(state: word))
    #expect(try GeminiBatchReply.batch(value, ServerFacts()).status == status)
  }

  @Test func answersLieInAFileThatEitherPlaceNames() async throws {
    let folder = try ScratchDirectory()
    let response = #","done":true,"response":{"responsesFile":"files/batch-b1"}"#
    let output = #","output":{"responsesFile":"files/batch-b1"},"endTime":"2026-11-20T01:00:00Z""#
    let server = try ScriptedServer([
      .answer(200, body: Self.operation(state: "BATCH_STATE_SUCCEEDED", more: response)),
      .answer(200, body: Self.operation(state: "BATCH_STATE_SUCCEEDED", metadata: output)),
      .answer(200, body: "{\"key\":\"a\"}\n"), .answer(403, body: #"{"error":{"message":"no"}}"#),
    ])
    defer { server.stop() }
    let client = try batches(server.url)
    let first = try await client.retrieve("b1")
    let second = try await client.retrieve("b1")
    #expect(first.files.output == "batch-b1" && second.files.output == "batch-b1")
    #expect(second.endedAt == 1_795_136_400_000 && second.end == .complete)
    #expect(try await client.results(of: second, to: folder.path("r")).byteCount == 12)
    #expect(server.requests[2].path == "/gemini/v1/files/batch-b1:download?alt=media")
    let gone = await failure { () throws(ProviderError) in
      try await client.results(of: second, to: folder.path("r"))
    }
    #expect(gone?.isResultsGone == true)
  }

  @Test func whatExpiredOrWasCanceledLeavesNothing() async throws {
    let folder = try ScratchDirectory()
    for (word, end) in [("EXPIRED", BatchState.End.expired), ("CANCELLED", .canceled)] {
      let server = try ScriptedServer([
        .answer(200, body: Self.operation(state: "BATCH_STATE_\(word)"))
      ])
      defer { server.stop() }
      let client = try batches(server.url)
      let state = try await client.retrieve("b1")
      #expect(state.isEnded && state.end == end && state.counts.total == 0)
      #expect(try await client.results(of: state, to: folder.path("r")).byteCount == 0)
      #expect(try folder.text(of: "r").isEmpty && server.requests.count == 1)
    }
  }

  @Test func aFailedBatchSaysWhy() throws {
    func failure(_ code: Int) throws -> BatchFailure {
      let value = try JSONValue(
        parsing: Self.operation(
          state: "BATCH_STATE_FAILED",
          more: #","done":true,"error":{"code":\#(code),"message":"why"}"#))
      return try #require(try GeminiBatchReply.batch(value, ServerFacts()).failure)
    }
    let internalOne = try failure(13)
    #expect(internalOne.ofAll?.code == "INTERNAL" && internalOne.ofAll?.message == "why")
    #expect(internalOne.ofAll.map(internalOne.isPermanent) == false && !internalOne.isQueueFull)
    let refused = try failure(3)
    #expect(refused.ofAll.map(refused.isPermanent) == true)
    #expect(try failure(8).isQueueFull)
  }

  @Test func cancelingAnswersNothingAndIsLookedUp() async throws {
    let server = try ScriptedServer([
      .answer(200, body: "{}"), .answer(200, body: Self.operation(state: "BATCH_STATE_CANCELLED")),
      .answer(
        400, body: #"{"error":{"code":400,"message":"over","status":"FAILED_PRECONDITION"}}"#),
      .answer(200, body: Self.operation(state: "BATCH_STATE_SUCCEEDED")),
    ])
    defer { server.stop() }
    let client = try batches(server.url)
    #expect(try await client.cancel("b1").end == .canceled)
    #expect(server.requests[0].path == "/gemini/v1/batches/b1:cancel")
    #expect(try await client.cancel("b1").isEnded && server.requests.count == 4)
  }

  @Test func deletingRemovesFilesAndBatch() async throws {
    let server = try ScriptedServer([
      .answer(
        200,
        body: Self.operation(
          state: "BATCH_STATE_SUCCEEDED", metadata: #","output":{"responsesFile":"files/out"}"#)),
      .answer(403, body: #"{"error":{"message":"gone"}}"#), .answer(200, body: "{}"),
      .answer(200, body: "{}"),
    ])
    defer { server.stop() }
    try await batches(server.url).delete("b1")
    #expect(
      server.requests.map(\.path).suffix(3) == [
        "/gemini/v1/files/out", "/gemini/v1/files/in-1", "/gemini/v1/batches/b1",
      ])
  }

  @Test func listingsAreReadToTheirEnd() async throws {
    let older = Self.operation("b0").replacingOccurrences(of: "2026-11-20", with: "2026-11-18")
    let newer = Self.operation("b2").replacingOccurrences(of: "00:00:00", with: "00:00:01")
    let server = try ScriptedServer([
      .answer(
        200, body: #"{"operations":[\#(older),\#(Self.operation())],"nextPageToken":"a/b="}"#),
      .answer(200, body: #"{"operations":[\#(newer)]}"#), .answer(200, body: "{}"),
    ])
    defer { server.stop() }
    let client = try batches(server.url, version: "v1beta")
    let page = try await client.list(createdSince: 1_795_132_000_000)
    #expect(page.batches.map(\.id) == ["b2", "b1"] && !page.hasMore)
    #expect(
      server.requests.map(\.path) == [
        "/gemini/v1beta/batches?pageSize=100",
        "/gemini/v1beta/batches?pageSize=100&pageToken=a%2Fb%3D",
      ])
    #expect(try await client.newest().batches.isEmpty)
  }
}
