internal import FlyingFox
internal import Foundation
internal import Records

/// Turns HTTP requests into calls and replies into HTTP responses: keys, versions, faults, headers,
/// the journal.
struct FrontDoor: HTTPHandler {
  let world: SandboxWorld
  /// The port the server listens on; known only once it listens.
  let port: ListeningPort

  func handleRequest(_ request: HTTPRequest) async throws -> HTTPResponse {
    let route = Route(method: request.method.rawValue, path: request.path)
    var body = RequestBody(request)
    switch route.target {
    case .control(let control):
      return try await respond(await reply(to: control, request, &body), to: nil)
    case .api(let operation):
      var visit = Visit(operation, route.id, request, world, port)
      return try await answer(&visit, request, &body)
    }
  }

  private func reply(
    to control: Route.Control, _ request: HTTPRequest, _ body: inout RequestBody
  ) async -> Reply {
    do {
      let bytes = try await body.collect(limit: 1 << 16) ?? []
      switch control {
      case .clock: return world.clockReply
      case .moveClock: return try await world.moveClock(bytes)
      case .journal: return world.journalReply
      case .meter: return try await world.meter(request.queryByName)
      case .unknown: throw APIError.missing("Not found")
      }
    } catch {
      return Reply(APIError.of(error), .anthropic, requestID: "req_sandbox")
    }
  }

  /// Answers a call of the API, as the fault script has it.
  private func answer(
    _ visit: inout Visit, _ request: HTTPRequest, _ body: inout RequestBody
  ) async throws -> HTTPResponse {
    if case .advance(let ms) = visit.fault?.action, world.clock.isVirtual {
      try await world.advance(to: visit.nowMs + ms)
      visit.nowMs = world.clock.nowMs
    }
    var reply = await reply(to: &visit, request, &body)
    reply.headers.merge(visit.headers(world.configuration.faults.limits)) { $1 }
    try world.journal.close(visit.entry(reply, byteCount: body.byteCount))
    switch visit.fault?.action {
    case .resetBeforeHeaders, .resetAfterStore:
      visit.connection?.reset()
      throw ReplyStream.WasReset()
    case .delay(let ms): try await Task.sleep(for: .milliseconds(ms))
    default: break
    }
    return try await respond(reply, to: visit)
  }

  private func reply(
    to visit: inout Visit, _ request: HTTPRequest, _ body: inout RequestBody
  ) async -> Reply {
    do {
      if visit.isTooLargeToRead { throw APIError.tooLarge }
      if visit.expectsContinue { visit.connection?.sendContinue() }
      let reply = try await perform(&visit, request, &body)
      try await body.drain()
      return reply
    } catch {
      // A body that cannot be read any more has nobody waiting for the answer either.
      if !visit.isTooLargeToRead || !visit.expectsContinue { try? await body.drain() }
      return Reply(APIError.of(error), visit.operation.api, requestID: visit.requestID)
    }
  }

  private func perform(
    _ visit: inout Visit, _ request: HTTPRequest, _ body: inout RequestBody
  ) async throws -> Reply {
    switch visit.fault?.action {
    case .refuse(var error):
      if let seconds = visit.fault?.retryDateSeconds {
        error.headers["retry-after"] = CalendarText.httpDate(visit.nowMs + seconds * 1000)
      }
      throw error
    case .page(let status, let type, let text, let headers):
      return Reply(status: status, type: type, text: text, headers: headers)
    case .resetBeforeHeaders:
      return Reply(.null)
    default: break
    }
    try visit.checkRate(world.configuration.faults.limits)
    let call = try visit.call(
      request, keys: world.configuration.keys, world.configuration.faults.switches)
    return try await perform(call, &body)
  }

  private func perform(_ call: Call, _ body: inout RequestBody) async throws -> Reply {
    switch call.api {
    case .anthropic: try await AnthropicCalls(world: world).perform(call, &body)
    case .openai: try await OpenAICalls(world: world).perform(call, &body)
    case .gemini: try await GeminiCalls(world: world).perform(call, &body)
    }
  }

  /// The HTTP response of a reply, with the headers that every response has.
  private func respond(_ reply: Reply, to visit: Visit?) async throws -> HTTPResponse {
    let nowMs = world.clock.nowMs
    var headers = HTTPHeaders()
    for (name, value) in reply.headers { headers[HTTPHeader(name)] = value }
    headers[.date] = CalendarText.httpDate(nowMs)
    headers[HTTPHeader("leaven-sandbox")] = "1"
    headers[HTTPHeader("leaven-sandbox-now-ms")] = String(nowMs)
    return HTTPResponse(
      statusCode: HTTPStatusCode(reply.status, phrase: StatusPhrase.of(reply.status)),
      headers: headers, body: sequence(of: reply.body, to: visit))
  }

  private func sequence(of body: Reply.Body, to visit: Visit?) -> HTTPBodySequence {
    let course = visit?.course ?? ReplyStream.Course()
    switch body {
    case .file(let path):
      let stream = ReplyStream(source: .file(path), course: course)
      return HTTPBodySequence(from: stream, suggestedBufferSize: 1 << 16)
    case .bytes(let bytes) where course.isPlain: return HTTPBodySequence(data: Data(bytes))
    case .bytes(let bytes):
      let stream = ReplyStream(source: .bytes(bytes), course: course)
      return course.cutAfter == nil
        ? HTTPBodySequence(from: stream, count: bytes.count, suggestedBufferSize: 1 << 14)
        : HTTPBodySequence(from: stream, suggestedBufferSize: 1 << 14)
    }
  }
}

extension HTTPRequest {
  /// The headers by their names in lower case; of a repeated one, all values.
  var headersByName: [String: String] {
    Dictionary(headers.map { ($0.key.rawValue.lowercased(), $0.value) }) { "\($0), \($1)" }
  }

  /// The query by name; of a repeated name the last.
  var queryByName: [String: String] {
    Dictionary(query.map { ($0.name, $0.value) }) { $1 }
  }
}
