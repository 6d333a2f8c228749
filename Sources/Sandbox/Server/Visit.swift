internal import FlyingFox
internal import Records

// FlyingFox has a type of this name, too.
private typealias JSONValue = Records.JSONValue

/// A request to the API from its arrival to its entry in the journal.
struct Visit: Sendable {
  let operation: Route.Operation
  let id: String
  let number: Int
  let requestID: String
  /// What the fault script has for it.
  let fault: CallFault?
  /// The sandbox's time that the call is answered for.
  var nowMs: Int64
  let connection: ConnectionSocket?
  /// Whether the client waits for word before it sends its body.
  let expectsContinue: Bool
  /// Whether the length it declares is beyond the limit.
  let isTooLargeToRead: Bool
  private let arrivedAtMs: Int64
  private let inLastMinute: Int
  private let request: HTTPRequest
  /// The request's headers by their names in lower case: the server's own look-up compares names as
  /// human text, which takes longer than all else does here.
  private let headersByName: [String: String]

  init(
    _ operation: Route.Operation, _ id: String, _ request: HTTPRequest, _ world: SandboxWorld,
    _ port: ListeningPort
  ) {
    let now = world.clock.nowMs
    let (number, call, inLastMinute) = world.journal.open(operation, atMs: now)
    let seed = world.configuration.seed
    self.operation = operation
    self.id = id
    self.number = number
    self.inLastMinute = inLastMinute
    self.request = request
    let headers = request.headersByName
    headersByName = headers
    nowMs = now
    arrivedAtMs = now
    requestID = operation.api.requestID(number, seed: seed)
    let faults = world.configuration.faults.calls.enumerated()
    fault = faults.first { $1.hits(operation, call: call, seed: seed, number: $0) }?.element
    expectsContinue = headers["expect"]?.lowercased() == "100-continue"
    let length = headers["content-length"].flatMap { Int($0) } ?? 0
    isTooLargeToRead = length > operation.byteLimit
    connection =
      expectsContinue || fault?.resets == true
      ? Self.connection(of: request, port) : nil
  }

  private static func connection(of request: HTTPRequest, _ port: ListeningPort)
    -> ConnectionSocket?
  {
    guard case .ip4(_, let client) = request.remoteAddress else { return nil }
    return ConnectionSocket(serverPort: port.value, clientPort: client)
  }

  /// How the answer's body is to run.
  var course: ReplyStream.Course {
    var course = ReplyStream.Course(api: operation.api, connection: connection)
    switch fault?.action {
    case .resetMidBody(let bytes): course.resetAfter = bytes
    case .cut(let bytes): course.cutAfter = bytes
    case .chunks(let bytes): course.chunkBytes = bytes
    case .slow(let speed): course.bytesPerSecond = speed
    case .mangle(let manglings): course.manglings = manglings
    default: break
    }
    return course
  }

  /// Refuses the call when the minute has had its calls.
  func checkRate(_ limits: RateLimits) throws(APIError) {
    guard let limit = limits.requestsPerMinute, inLastMinute > limit else { return }
    throw APIError(
      status: 429,
      message: "This request would exceed your organization's rate limit of \(limit) requests per "
        + "minute", code: operation.api == .openai ? "rate_limit_exceeded" : nil,
      headers: ["retry-after": "60"])
  }

  /// What a response says of the request and of the limit, where there is one.
  func headers(_ limits: RateLimits) -> [String: String] {
    let left = limits.requestsPerMinute.map { max(0, $0 - inLastMinute) }
    let limit = limits.requestsPerMinute.map { String($0) }
    switch operation.api {
    case .anthropic:
      var headers = [
        "request-id": requestID,
        "anthropic-organization-id": "00000000-0000-4000-8000-000000000001",
      ]
      guard let limit, let left else { return headers }
      headers["anthropic-ratelimit-requests-limit"] = limit
      headers["anthropic-ratelimit-requests-remaining"] = String(left)
      headers["anthropic-ratelimit-requests-reset"] = CalendarText.rfc3339(nowMs + 60_000)
      return headers
    case .openai:
      var headers = [
        "x-request-id": requestID, "openai-version": "2020-10-01",
        "openai-organization": "leaven-sandbox", "openai-processing-ms": "7",
      ]
      guard let limit, let left else { return headers }
      headers["x-ratelimit-limit-requests"] = limit
      headers["x-ratelimit-remaining-requests"] = String(left)
      headers["x-ratelimit-reset-requests"] = "1m0s"
      return headers
    case .gemini: return [:]
    }
  }

  /// The call, once its key is right.
  ///
  /// - Throws: `APIError` 401 (Gemini: 400) without a key that is let in.
  func call(
    _ request: HTTPRequest, keys: [SandboxKey], _ switches: Switches
  ) throws(APIError) -> Call {
    let needsNoKey = switches.isResemblance && operation.api == .openai && keys.isEmpty
    let workspace = needsNoKey ? "default" : try workspace(keys)
    var headers: [String: String] = [:]
    for name in Call.meaningful { headers[name] = headersByName[name] }
    return Call(
      api: operation.api, name: operation.name, id: id, number: number, nowMs: nowMs,
      requestID: requestID, workspace: workspace,
      base: "http://\(headersByName["host"] ?? "127.0.0.1")\(operation.api.prefix)",
      query: request.queryByName, headers: headers)
  }

  /// The key where the provider looks for it; nil when there is none.
  private var key: String? {
    let places: [String?] =
      switch operation.api {
      case .anthropic: [headersByName["x-api-key"], bearer]
      case .openai: [bearer]
      case .gemini: [headersByName["x-goog-api-key"], request.queryByName["key"]]
      }
    return places.compactMap(\.self).first { !$0.isEmpty }
  }

  private var bearer: String? {
    guard let header = headersByName["authorization"], header.lowercased().hasPrefix("bearer ")
    else { return nil }
    return String(header.dropFirst(7))
  }

  private func workspace(_ keys: [SandboxKey]) throws(APIError) -> String {
    // The bytes of an upload come without a key: its id, which only its beginner knows, stands for
    // one.
    if operation == Route.Operation(api: .gemini, name: .uploadBytes) { return "" }
    guard let key else { throw operation.api.keyless }
    if keys.isEmpty { return "default" }
    guard let known = keys.first(where: { $0.secret == key }) else {
      throw operation.api.unknownKey
    }
    return known.workspace
  }

  /// The line of the journal.
  ///
  /// No key stands in it, only its print.
  func entry(_ reply: Reply, byteCount: Int) -> Records.JSONValue {
    var members: [JSONValue.Member] = [
      .init("number", .number(number)), .init("at_ms", .number(arrivedAtMs)),
      .init("api", .string(operation.api.rawValue)),
      .init("route", .string(operation.name.rawValue)),
      .init("method", .string(request.method.rawValue)),
      .init("path", .string(request.path)), .init("query", .string(keylessQuery)),
      .init("status", isUnanswered ? .null : .number(reply.status)),
      .init("request_id", .string(requestID)),
      .init("bytes", .number(byteCount)),
      .init("retry_count", .number(retryCount)),
      .init("key", key.map { .string(KeyPrint(of: $0).digits) } ?? .null),
      .init("fault", fault.map { .string($0.name) } ?? .null),
      .init("headers", headers),
    ]
    members += reply.note
    return .object(members)
  }

  /// The query without a key that stands in it.
  private var keylessQuery: String {
    request.target.query().split(separator: "&").filter { !$0.hasPrefix("key=") }
      .joined(separator: "&")
  }

  /// Whether the client sees no status at all.
  private var isUnanswered: Bool {
    switch fault?.action {
    case .resetBeforeHeaders, .resetAfterStore: true
    default: false
    }
  }

  private var retryCount: Int {
    headersByName["x-stainless-retry-count"].flatMap { Int($0) } ?? 0
  }

  private var headers: JSONValue {
    let names = [
      "accept", "anthropic-beta", "anthropic-version", "content-length", "content-type",
      "transfer-encoding", "user-agent",
    ]
    return .object(
      names.compactMap { name in
        headersByName[name].map { JSONValue.Member(name, .string($0)) }
      })
  }
}
