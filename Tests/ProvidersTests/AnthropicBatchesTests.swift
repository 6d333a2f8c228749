import Foundation
import Records
import TestSupport
import Testing

@testable import Providers

struct AnthropicBatchesTests {
  static let secret = "sk-ant-test-0123456789"

  static func batch(
    _ id: String = "msgbatch_1", status: String = "in_progress", results: String = "null",
    createdAt: String = "2026-11-20T00:00:00.123456+00:00"
  ) -> String {
    """
    {"id":"\(id)","type":"message_batch","processing_status":"\(status)","new_key":{"a":[1]},\
    "request_counts":{"processing":3,"succeeded":0,"errored":0,"canceled":0,"expired":0,"other":9},\
    "created_at":"\(createdAt)","expires_at":"2026-11-21T00:00:00+00:00","ended_at":null,\
    "cancel_initiated_at":null,"archived_at":null,"results_url":\(results)}
    """
  }

  private func batches(
    _ server: ScriptedServer, header: AnthropicEndpoint.KeyHeader = .bearer, betas: [String] = []
  ) throws -> AnthropicBatches {
    let key = try #require(APIKey(Self.secret))
    let endpoint = try #require(
      AnthropicEndpoint(
        baseURL: "\(server.url)/anthropic/", key: key, apiVersion: "2026-10-21", keyHeader: header,
        betas: betas))
    return AnthropicBatches(endpoint: endpoint, client: HTTPClient())
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

  @Test func createStreamsTheShardInItsEnvelope() async throws {
    let folder = try ScratchDirectory()
    let path = try folder.write("{\"custom_id\":\"a\"}\n{\"custom_id\":\"b\"}\n", to: "shard")
    let server = try ScriptedServer([.answer(200, body: Self.batch())])
    defer { server.stop() }
    let shard = ShardBody(path: path, fileByteCount: 36)
    let state = try await batches(server, betas: ["x", "y"]).create(shard, marker: "m")
    #expect(state.id == "msgbatch_1")
    #expect(state.status == .inProgress)
    #expect(state.counts.total == 3)
    #expect(state.createdAt == 1_795_132_800_123)
    #expect(state.expiresAt == 1_795_219_200_000)
    #expect(state.resultsURL == nil)
    let request = server.requests[0]
    #expect(request.method == "POST")
    #expect(request.path == "/anthropic/v1/messages/batches")
    #expect(request.text == #"{"requests":[{"custom_id":"a"},{"custom_id":"b"}]}"#)
    #expect(request.headers["content-length"] == "\(shard.byteCount)")
    #expect(request.headers["authorization"] == "Bearer \(Self.secret)")
    #expect(request.headers["x-api-key"] == nil)
    #expect(request.headers["anthropic-version"] == "2026-10-21")
    #expect(request.headers["anthropic-beta"] == "x,y")
    #expect(request.headers["content-type"] == "application/json")
  }

  @Test func theOtherKeyHeaderIsSentWhenAsked() async throws {
    let server = try ScriptedServer([.answer(200, body: Self.batch())])
    defer { server.stop() }
    _ = try await batches(server, header: .apiKey).retrieve("msgbatch_1")
    #expect(server.requests[0].headers["x-api-key"] == Self.secret)
    #expect(server.requests[0].headers["authorization"] == nil)
    #expect(server.requests[0].path == "/anthropic/v1/messages/batches/msgbatch_1")
  }

  @Test func headersTellOfTheServer() async throws {
    let server = try ScriptedServer([
      .answer(
        200,
        headers: [
          "retry-after": "10", "leaven-sandbox": "1", "leaven-sandbox-now-ms": "1795132900001",
          "Date": "Fri, 20 Nov 2026 00:01:40 GMT", "request-id": "req_9",
        ], body: Self.batch()),
      .answer(200, body: Self.batch(status: "ended", results: "\"https://elsewhere.example/x\"")),
    ])
    defer { server.stop() }
    let running = try await batches(server).retrieve("msgbatch_1")
    #expect(running.answer.retryAfter == .seconds(10))
    #expect(running.answer.isSandbox)
    #expect(running.answer.now == 1_795_132_900_001)
    #expect(running.answer.date == 1_795_132_900_000)
    #expect(running.answer.requestID == "req_9")
    let ended = try await batches(server).retrieve("msgbatch_1")
    #expect(ended.isEnded)
    #expect(!ended.answer.isSandbox)
    let folder = try ScratchDirectory()
    let refused = await failure { () throws(ProviderError) in
      try await requiredBatches(server).results(of: ended, to: folder.path("r"))
    }
    #expect(refused?.cause == .foreignOrigin("https://elsewhere.example"))
    #expect(server.requests.count == 2)
  }

  /// The client without the throwing of `#require`, for calls whose errors are typed.
  private func requiredBatches(_ server: ScriptedServer) -> AnthropicBatches {
    guard let client = try? batches(server) else { preconditionFailure("the endpoint is valid") }
    return client
  }

  @Test func resultsGoToTheirFile() async throws {
    let folder = try ScratchDirectory()
    let rows = "{\"custom_id\":\"a\"}\r\n{\"custom_id\":\"b\"}\n"
    let server = try ScriptedServer([.chunks(200, [rows]), .cut(200, announced: 90, body: "{\"cu")])
    defer { server.stop() }
    let client = try batches(server)
    var state = try BatchReply.batch(
      try JSONValue(parsing: Self.batch(status: "ended")), ServerFacts())
    let early = await failure { () throws(ProviderError) in
      try await client.results(of: state, to: folder.path("r"))
    }
    guard case .noResults = early?.cause else {
      Issue.record("\(String(describing: early))")
      return
    }
    state.resultsURL = "\(server.url)/anthropic/v1/messages/batches/msgbatch_1/results"
    let got = try await client.results(of: state, to: folder.path("r"))
    #expect(got.byteCount == rows.utf8.count)
    #expect(try folder.text(of: "r") == rows)
    #expect(server.requests[0].headers["accept"] == "application/binary")

    let cut = await failure { () throws(ProviderError) in
      try await client.results(of: state, to: folder.path("s"))
    }
    #expect(cut?.isTransient == true)
    #expect(!FileManager.default.fileExists(atPath: folder.path("s")))

    state.archivedAt = 1
    let late = await failure { () throws(ProviderError) in
      try await client.results(of: state, to: folder.path("s"))
    }
    #expect(late?.description.contains("no longer") == true)
    #expect(server.requests.count == 2)
  }

  @Test func pagesAreFollowedUntilOldEnough() async throws {
    func page(_ batches: [String], more: Bool) -> ScriptedServer.Reply {
      .answer(
        200,
        body:
          "{\"data\":[\(batches.joined(separator: ","))],\"has_more\":\(more),\"first_id\":null,\"last_id\":null}"
      )
    }
    let server = try ScriptedServer([
      page(
        [
          Self.batch("b4", createdAt: "2026-11-20T04:00:00Z"),
          Self.batch("b3", createdAt: "2026-11-20T03:00:00Z"),
        ], more: true),
      page(
        [
          Self.batch("b2", createdAt: "2026-11-20T02:00:00Z"),
          Self.batch("b1", createdAt: "2026-11-20T01:00:00Z"),
        ], more: true),
    ])
    defer { server.stop() }
    let since = try #require(Timestamp.milliseconds("2026-11-20T02:00:00Z"))
    let found = try await batches(server).list(createdSince: since)
    #expect(found.batches.map(\.id) == ["b4", "b3", "b2"])
    #expect(
      server.requests.map(\.path) == [
        "/anthropic/v1/messages/batches?limit=100",
        "/anthropic/v1/messages/batches?limit=100&after_id=b3",
      ])
  }

  @Test func cancelAndDelete() async throws {
    let server = try ScriptedServer([
      .answer(200, body: Self.batch(status: "canceling")),
      .answer(200, body: #"{"id":"b","type":"message_batch_deleted"}"#),
    ])
    defer { server.stop() }
    let client = try batches(server)
    #expect(try await client.cancel("b").status == .canceling)
    try await client.delete("b")
    #expect(
      server.requests.map { "\($0.method) \($0.path)" } == [
        "POST /anthropic/v1/messages/batches/b/cancel", "DELETE /anthropic/v1/messages/batches/b",
      ])
  }

  @Test func aBatchNotFoundSoonAfterItsCreationMayAppear() async throws {
    let body = #"{"type":"error","error":{"type":"not_found_error","message":"Not found"}}"#
    let reply = ScriptedServer.Reply.answer(
      404, headers: ["Date": "Fri, 20 Nov 2026 00:05:00 GMT"], body: body)
    let server = try ScriptedServer([reply, reply, reply])
    defer { server.stop() }
    let client = try batches(server)
    let young = await failure { () throws(ProviderError) in
      try await client.retrieve("b", createdAt: 1_795_132_800_000)
    }
    #expect(young?.isNotYetVisible == true)
    #expect(young?.isTransient == true)
    let old = await failure { () throws(ProviderError) in
      try await client.retrieve("b", createdAt: 1_795_132_800_000 - 600_000)
    }
    #expect(old?.isNotYetVisible == false)
    #expect(old?.isTransient == false)
    let unknown = await failure { () throws(ProviderError) in try await client.retrieve("b") }
    #expect(unknown?.isNotFound == true)
    #expect(unknown?.isTransient == false)
  }

  @Test(arguments: [
    "", "not json", "[]", "{}", #"{"type":"message_batch"}"#,
    batch().replacingOccurrences(of: "\"processing\":3", with: "\"processing\":\"3\""),
    batch().replacingOccurrences(of: "msgbatch_1", with: "../../v1"),
    batch(createdAt: "yesterday"),
    batch().replacingOccurrences(of: "message_batch\"", with: "message\""),
  ])
  func anAnswerOfAnotherShapeIsUnreadable(_ body: String) async throws {
    let server = try ScriptedServer([.answer(200, body: body)])
    defer { server.stop() }
    let error = await failure { () throws(ProviderError) in
      try await requiredBatches(server).retrieve("b")
    }
    guard case .unreadable = error?.cause else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(error?.isTransient == false)
    #expect(error?.outcome == .ambiguous)
  }

  @Test(arguments: ["", "a/b", "../x", "a?b", "a b", "ä"])
  func whatIsNoIDIsNotSent(_ id: String) async throws {
    let server = try ScriptedServer([])
    defer { server.stop() }
    let client = try batches(server)
    for error in [
      await failure({ () throws(ProviderError) in try await client.retrieve(id) }),
      await failure({ () throws(ProviderError) in try await client.cancel(id) }),
      await failure({ () throws(ProviderError) in try await client.delete(id) }),
      await failure({ () throws(ProviderError) in try await client.list(after: id) }),
    ] { #expect(error?.cause == .badID) }
    #expect(server.requests.isEmpty)
  }

  @Test func whatNoHeaderMayHoldMakesNoEndpoint() throws {
    let key = try #require(APIKey("k"))
    let url = "http://h"
    #expect(AnthropicEndpoint(baseURL: url, key: key, apiVersion: "1\r\nx: y") == nil)
    #expect(AnthropicEndpoint(baseURL: url, key: key, apiVersion: "1", betas: ["a b"]) == nil)
    #expect(AnthropicEndpoint(baseURL: "\(url)?q", key: key, apiVersion: "1") == nil)
    #expect(AnthropicEndpoint(baseURL: "\(url)//", key: key, apiVersion: "1")?.baseURL == url)
  }

  @Test func aStatusOfTomorrowIsWaitedFor() async throws {
    let server = try ScriptedServer([.answer(200, body: Self.batch(status: "resting"))])
    defer { server.stop() }
    let state = try await batches(server).retrieve("b")
    #expect(state.status == .unknown("resting"))
    #expect(!state.isEnded)
  }

  @Test func noErrorHoldsTheKey() async throws {
    let body =
      #"{"type":"error","error":{"type":"authentication_error","message":"bad key KEY, or sk-ant-other"},"request_id":"req_1"}"#
    let server = try ScriptedServer([
      .answer(401, body: body.replacingOccurrences(of: "KEY", with: Self.secret))
    ])
    defer { server.stop() }
    let client = try batches(server)
    let error = try #require(
      await failure { () throws(ProviderError) in try await client.retrieve("b") })
    #expect(error.stopsRun)
    #expect(error.requestID == "req_1")
    var dumped = ""
    dump(error, to: &dumped)
    dump(client, to: &dumped)
    for text in [dumped, "\(error)", "\(error.hint ?? "")", String(reflecting: client)] {
      #expect(!text.contains("sk-ant"))
    }
    #expect(error.description.contains("•••"))
  }

  @Test func keysWithLineEndsAreNoKeys() {
    #expect(APIKey("") == nil)
    #expect(APIKey("a\r\nx: y") == nil)
    #expect(APIKey("a b") == nil)
    #expect("\(String(describing: APIKey("abc")))".contains("abc") == false)
  }

  @Test func theSandboxClockIsReadAndMoved() async throws {
    let server = try ScriptedServer([
      .answer(200, body: #"{"now_ms":1000,"mode":"virtual"}"#),
      .answer(200, body: #"{"now_ms":2000,"mode":"virtual"}"#),
      .answer(404),
    ])
    defer { server.stop() }
    let origin = try #require(HTTPOrigin(of: "\(server.url)/anthropic"))
    let clock = SandboxClock(origin: origin, client: HTTPClient())
    #expect(try await clock.reading() == .init(now: 1000, isVirtual: true))
    #expect(try await clock.advance(to: 2000).now == 2000)
    let missing = await failure { () throws(ProviderError) in try await clock.reading() }
    #expect(missing?.isNotFound == true)
    #expect(server.requests[1].text == #"{"advance_to_ms":2000}"#)
    #expect(server.requests[1].path == "/sandbox/clock")
    #expect(server.requests.allSatisfy { $0.headers["authorization"] == nil })
  }
}
