import Foundation
import Records
import Synchronization
import TestSupport
import Testing

@testable import Providers

/// Calls of the synchronous API over real sockets.
@Suite struct ConcurrentCallsTests {
  static let message =
    "{\"type\":\"message\",\"content\":[],\n \"usage\":{\"input_tokens\":3,\"output_tokens\":4}}"

  /// What came of some calls.
  struct Outcome {
    var rows: [String] = []
    var idle: [Duration] = []
    var ending = ConcurrentCalls.Ending()
  }

  private func api(
    _ server: ScriptedServer, timeouts: HTTPRequest.Timeouts = AnthropicMessages.usualTimeouts
  ) throws -> AnthropicMessages {
    let key = try #require(APIKey(AnthropicBatchesTests.secret))
    let endpoint = try #require(
      AnthropicEndpoint(
        baseURL: "\(server.url)/anthropic", key: key, apiVersion: "2026-10-21",
        keyHeader: .apiKey))
    return AnthropicMessages(endpoint: endpoint, timeouts: timeouts)
  }

  private func calls(_ count: Int) -> [ConcurrentCall] {
    (0..<count).map {
      ConcurrentCall(
        customID: Array("r\($0)".utf8), body: Array(#"{"n":\#($0)}"#.utf8), tokens: 10)
    }
  }

  private func run(
    _ api: any MessageProvider, _ calls: [ConcurrentCall], _ terms: ConcurrentCalls.Terms,
    hear: (ConcurrentCalls, Outcome) -> Void = { _, _ in }
  ) async -> Outcome {
    var rest = calls[...]
    let running = ConcurrentCalls(api, terms) {
      rest.popFirst()
    } keep: { _ in
    }
    var outcome = Outcome()
    while true {
      switch await running.next() {
      case .rows(let rows):
        let text = String(decoding: rows, as: UTF8.self)
        outcome.rows += text.split(separator: "\n").map(String.init)
        running.settled(byteCount: rows.count)
      case .idle(let duration):
        outcome.idle.append(duration)
        running.skip(duration)
      case .end(let ending):
        outcome.ending = ending
        return outcome
      }
      hear(running, outcome)
    }
  }

  private func terms(_ calls: Int = 4) -> ConcurrentCalls.Terms {
    ConcurrentCalls.Terms(CallPace.Caps(calls: calls), grace: .seconds(5))
  }

  @Test func eachCallIsMadeOnceOverFewConnections() async throws {
    let server = try ScriptedServer((0..<300).map { _ in .answer(200, body: Self.message) })
    defer { server.stop() }
    let outcome = await run(try api(server), calls(300), terms())
    #expect(outcome.ending.error == nil && outcome.ending.doubtful == 0)
    #expect(outcome.rows.count == 300)
    #expect(
      outcome.rows.contains(
        #"{"custom_id":"r7","result":{"type":"succeeded","message":"#
          + #"{"type":"message","content":[],  "usage":{"input_tokens":3,"output_tokens":4}}}}"#
      ), "\(outcome.rows.first ?? "")")
    #expect(Set(server.requests.map(\.text)).count == 300)
    #expect(Set(server.requests.map(\.connection)).count <= 4)
    let request = server.requests[0]
    #expect(request.method == "POST" && request.path == "/anthropic/v1/messages")
    #expect(request.headers["x-api-key"] == AnthropicBatchesTests.secret)
    #expect(request.headers["anthropic-version"] == "2026-10-21")
  }

  @Test func refusalsInTheProvidersWordsAreRows() async throws {
    let server = try ScriptedServer([
      .answer(
        400,
        body:
          #"{"type":"error","error":{"type":"invalid_request_error","message":"too \"long\""}}"#),
      .answer(
        413, body: #"{"type":"error","error":{"type":"request_too_large","message":"x"}}"#),
    ])
    defer { server.stop() }
    let outcome = await run(try api(server), calls(2), terms(1))
    #expect(outcome.ending.error == nil && outcome.rows.count == 2)
    var tape = JSONTape()
    var kinds: [RowError.Kind] = []
    for row in outcome.rows {
      Array(row.utf8).withUnsafeBufferPointer { bytes in
        if case .errored(let error) = ResultRow(bytes, using: &tape).outcome {
          kinds.append(error.kind)
          if error.kind == .invalidRequest { #expect(error.message?.text == #"too "long""#) }
        }
      }
    }
    #expect(Set(kinds) == [.invalidRequest, .tooLarge])
  }

  @Test(arguments: [
    (
      RequestForm.chat, "/v1/chat/completions",
      "{\"choices\": [{\"message\": {\"content\": \"yes\"}}],\n \"usage\": {\"prompt_tokens\": 3}}"
    ),
    (
      .responses, "/v1/responses",
      #"{"output": [{"type": "message", "content": [{"text": "yes"}]}]}"#
    ),
  ])
  func openAIsAnswersAreRowsOfItsFiles(form: RequestForm, path: String, body: String) async throws {
    let server = try ScriptedServer([
      .answer(200, body: body),
      .answer(
        400,
        body: #"{"error":{"message":"no such \"x\"","type":"invalid_request_error","code":"c"}}"#),
      .answer(503, headers: ["retry-after": "0"], body: "<html>"),
      .answer(200, body: body),
    ])
    defer { server.stop() }
    let address = ProviderAddress(
      baseURL: "\(server.url)/v1/", key: APIKey(AnthropicBatchesTests.secret),
      apiVersion: "", form: form)
    let api = try #require(OpenAIMessages(at: address))
    let outcome = await run(api, calls(3), terms(1))
    #expect(outcome.ending.error == nil && outcome.rows.count == 3)
    var words: [String] = []
    var tape = JSONTape()
    for row in outcome.rows {
      Array(row.utf8).withUnsafeBufferPointer { bytes in
        let row = ResultRow(bytes, using: &tape)
        switch row.outcome {
        case .succeeded(let message):
          var text = ByteBuffer()
          message.appendText(to: &text)
          words.append(text.text)
        case .errored(let error):
          words.append("\(error.kind) \(error.message?.text ?? "") \(error.code?.text ?? "")")
        default: words.append("\(row.outcome)")
        }
      }
    }
    #expect(words == ["yes", #"invalidRequest no such "x" c"#, "yes"])
    #expect(server.requests[0].method == "POST" && server.requests[0].path == path)
    let secret = "Bearer \(AnthropicBatchesTests.secret)"
    #expect(server.requests[0].headers["authorization"] == secret)
  }

  @Test func serversWithoutKeysAndTheirWordsForFailures() async throws {
    let server = try ScriptedServer([
      .answer(400, body: #"{"object":"error","message":"too long","type":"BadRequestError"}"#),
      .answer(404, body: #"{"error":"model 'x' not found"}"#),
      .answer(422, body: #"{"detail":"Extra inputs are not permitted"}"#),
    ])
    defer { server.stop() }
    let address = ProviderAddress(
      baseURL: "\(server.url)/v1", key: nil, apiVersion: "", form: .completions)
    let api = try #require(ProviderKind.openAICompatible.messages(at: address))
    let outcome = await run(api, calls(3), terms(1))
    // What none of them means by an error may be about the address.
    #expect(outcome.ending.error?.status == 422 && outcome.rows.count == 2)
    #expect(outcome.rows[0].contains(#""status_code":400"#) && outcome.rows[0].contains("too long"))
    #expect(outcome.rows[1].contains(#""status_code":404"#))
    #expect(server.requests.allSatisfy { $0.headers["authorization"] == nil })
    #expect(server.requests[0].path == "/v1/chat/completions")
  }

  @Test func aKeyIsNotCarriedToWhereARedirectLeads() async throws {
    let elsewhere = try ScriptedServer([.answer(200, body: Self.message)])
    defer { elsewhere.stop() }
    let server = try ScriptedServer([
      .answer(307, headers: ["location": "\(elsewhere.url)/v1/chat/completions"])
    ])
    defer { server.stop() }
    let address = ProviderAddress(
      baseURL: "\(server.url)/v1", key: APIKey("k"), apiVersion: "",
      form: .completions)
    let api = try #require(ProviderKind.openAICompatible.messages(at: address))
    let outcome = await run(api, calls(2), terms(1))
    #expect(outcome.ending.error?.status == 307 && outcome.rows.isEmpty)
    #expect(elsewhere.requests.isEmpty && server.requests.count == 1)
  }

  @Test(arguments: [
    (ScriptedServer.Reply.answer(404, body: "<html>"), 404),
    (.answer(302, headers: ["location": "http://elsewhere/"]), 302),
    (.answer(401, body: #"{"error":{"type":"authentication_error","message":"no"}}"#), 401),
  ])
  func whatConcernsAllCallsEndsThem(reply: ScriptedServer.Reply, status: Int) async throws {
    let server = try ScriptedServer([reply])
    defer { server.stop() }
    let outcome = await run(try api(server), calls(50), terms(1))
    #expect(outcome.ending.error?.status == status)
    #expect(outcome.rows.isEmpty && server.requests.count == 1)
    #expect(!"\(String(describing: outcome.ending.error))".contains(AnthropicBatchesTests.secret))
  }

  @Test func waitsOnAnotherClockAreHandedOver() async throws {
    let server = try ScriptedServer([
      .answer(
        429, headers: ["retry-after": "200"],
        body: #"{"error":{"type":"rate_limit_error","message":"slow down"}}"#),
      .answer(200, body: Self.message),
    ])
    defer { server.stop() }
    var terms = terms(1)
    terms.isClockVirtual = true
    let outcome = await run(try api(server), calls(1), terms)
    #expect(outcome.rows.count == 1 && outcome.ending.error == nil)
    #expect(outcome.idle.count == 1)
    #expect(outcome.idle.allSatisfy { $0 > .seconds(190) && $0 <= .seconds(201) })
  }

  @Test func lostAnswersAreAskedForTwiceAtMost() async throws {
    let server = try ScriptedServer([.reset, .reset, .answer(200, body: Self.message)])
    defer { server.stop() }
    let outcome = await run(try api(server), calls(2), terms(1))
    #expect(outcome.ending.doubtful == 2 && outcome.ending.error == nil)
    #expect(outcome.rows.count == 2)
    #expect(outcome.rows.count { $0.contains("api_error") } <= 1)
  }

  @Test func aServerThatIsNotThereEndsTheCalls() async throws {
    let server = try ScriptedServer([])
    server.stop()
    let outcome = await run(try api(server), calls(100), terms())
    let error = try #require(outcome.ending.error)
    #expect(error.outcome == .notReceived && error.isTransient && outcome.rows.isEmpty)
  }

  @Test func stoppingAwaitsWhatIsUnderWay() async throws {
    let server = try ScriptedServer((0..<200).map { _ in .answer(200, body: Self.message) })
    defer { server.stop() }
    let outcome = await run(try api(server), calls(200), terms(2)) { running, _ in running.stop() }
    #expect(outcome.ending.error == nil && outcome.ending.doubtful == 0)
    #expect(outcome.rows.count == server.requests.count)
  }

  @Test func whatDoesNotEndInTimeIsBrokenOffAndCounted() async throws {
    let server = try ScriptedServer([.answer(200, body: Self.message), .silence])
    defer { server.stop() }
    var terms = terms(1)
    terms.grace = .milliseconds(200)
    let outcome = await run(try api(server), calls(2), terms) { running, _ in running.stop() }
    #expect(outcome.rows.count == 1)
    #expect(outcome.ending.doubtful == server.requests.count - 1)
  }

  @Test func aCallThatStallsIsGivenUp() async throws {
    let server = try ScriptedServer([.silence, .silence])
    defer { server.stop() }
    let timeouts = HTTPRequest.Timeouts(stall: .seconds(1), total: .seconds(2))
    let outcome = await run(try api(server, timeouts: timeouts), calls(1), terms(1))
    #expect(outcome.ending.doubtful == 2)
    #expect(outcome.rows.count == 1 && outcome.rows[0].contains("errored"))
  }

  @Test func aSourceThatBreaksEndsTheCallsAndKeepsTheAnswers() async throws {
    let server = try ScriptedServer((0..<3).map { _ in .answer(200, body: Self.message) })
    defer { server.stop() }
    var rest = calls(3)[...]
    let running = ConcurrentCalls(try api(server), terms(1)) {
      guard let call = rest.popFirst() else { throw SystemError(5) }
      return call
    } keep: { _ in
    }
    var rows = 0
    while true {
      switch await running.next() {
      case .rows(let bytes): rows += bytes.count { $0 == 0x0A }
      case .idle: continue
      case .end(let ending):
        #expect(ending.localError is SystemError && rows == 3)
        return
      }
    }
  }
}
