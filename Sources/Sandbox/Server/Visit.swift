internal import FlyingFox
internal import Records

// FlyingFox has a type of this name, too.
private typealias JSONValue = Records.JSONValue

/// A request to the API from its arrival to its entry in the journal.
struct Visit: Sendable {
  let name: Route.Name
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

  init(
    _ name: Route.Name, _ id: String, _ request: HTTPRequest, _ world: SandboxWorld,
    _ port: ListeningPort
  ) {
    let now = world.clock.nowMs
    let (number, call, inLastMinute) = world.journal.open(name, atMs: now)
    let seed = world.configuration.seed
    self.name = name
    self.id = id
    self.number = number
    self.inLastMinute = inLastMinute
    self.request = request
    nowMs = now
    arrivedAtMs = now
    requestID = Draw.id("req", seed: seed, "\(number)")
    let faults = world.configuration.faults.calls.enumerated()
    fault = faults.first { $1.hits(name, call: call, seed: seed, number: $0) }?.element
    expectsContinue = request.headers[HTTPHeader("Expect")]?.lowercased() == "100-continue"
    let limit = name == .create ? SandboxWorld.createByteLimit : SandboxWorld.messageByteLimit
    isTooLargeToRead = (request.headers[.contentLength].flatMap { Int($0) } ?? 0) > limit
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
    var course = ReplyStream.Course(connection: connection)
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
      status: 429, type: "rate_limit_error",
      message: "This request would exceed your organization's rate limit of \(limit) requests per "
        + "minute", headers: ["retry-after": "60"])
  }

  /// What a response says of the limit; nothing without one.
  func rateHeaders(_ limits: RateLimits) -> [String: String] {
    guard let limit = limits.requestsPerMinute else { return [:] }
    return [
      "anthropic-ratelimit-requests-limit": String(limit),
      "anthropic-ratelimit-requests-remaining": String(max(0, limit - inLastMinute)),
      "anthropic-ratelimit-requests-reset": CalendarText.rfc3339(nowMs + 60_000),
    ]
  }

  /// The call, once its key and version are right.
  ///
  /// - Throws: `APIError` 401 without a key that is let in, 400 without a version that there is.
  func call(_ request: HTTPRequest, keys: [SandboxKey]) throws(APIError) -> Call {
    let workspace = try workspace(keys)
    guard let version = request.headers[HTTPHeader("anthropic-version")] else {
      throw .invalid("anthropic-version: header is required")
    }
    guard APIVersion.known.contains(version) else {
      throw .invalid("anthropic-version: '\(version)' is not a valid version")
    }
    let betas = (request.headers[HTTPHeader("anthropic-beta")] ?? "").split(separator: ",")
    return Call(
      name: name, id: id, number: number, nowMs: nowMs, requestID: requestID, workspace: workspace,
      version: version, betas: betas.map { $0.filter { $0 != " " } },
      base: "http://\(request.headers[.host] ?? "127.0.0.1")\(Route.prefix)",
      query: request.queryByName)
  }

  /// `x-api-key`, else the bearer token; nil when there is neither.
  private var key: String? {
    if let key = request.headers[HTTPHeader("x-api-key")], !key.isEmpty { return key }
    guard let header = request.headers[.authorization], header.lowercased().hasPrefix("bearer ")
    else {
      return nil
    }
    let token = String(header.dropFirst(7))
    return token.isEmpty ? nil : token
  }

  private func workspace(_ keys: [SandboxKey]) throws(APIError) -> String {
    guard let key else { throw .unauthenticated }
    if keys.isEmpty { return "default" }
    guard let known = keys.first(where: { $0.secret == key }) else { throw .unauthenticated }
    return known.workspace
  }

  /// The line of the journal.
  ///
  /// No key stands in it, only its print.
  func entry(_ reply: Reply, byteCount: Int) -> Records.JSONValue {
    var members: [JSONValue.Member] = [
      .init("number", .number(number)), .init("at_ms", .number(arrivedAtMs)),
      .init("route", .string(name.rawValue)), .init("method", .string(request.method.rawValue)),
      .init("path", .string(request.path)), .init("query", .string(request.target.query())),
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

  /// Whether the client sees no status at all.
  private var isUnanswered: Bool {
    switch fault?.action {
    case .resetBeforeHeaders, .resetAfterStore: true
    default: false
    }
  }

  private var retryCount: Int {
    request.headers[HTTPHeader("x-stainless-retry-count")].flatMap { Int($0) } ?? 0
  }

  private var headers: JSONValue {
    let names = [
      "accept", "anthropic-beta", "anthropic-version", "content-length", "content-type",
      "transfer-encoding", "user-agent",
    ]
    return .object(
      names.compactMap { name in
        request.headers[HTTPHeader(name)].map { JSONValue.Member(name, .string($0)) }
      })
  }
}
