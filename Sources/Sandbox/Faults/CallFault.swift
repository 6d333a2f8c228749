internal import Records

/// What happens to certain calls instead of, before, or after what they ask for.
struct CallFault: Sendable {
  enum Action: Sendable {
    /// An answer that says no; nothing is done.
    case refuse(APIError)
    /// Bytes that are no API answer at all, as an edge proxy sends them; nothing is done.
    case page(status: Int, type: String, body: String, headers: [String: String])
    /// The connection is reset although nothing was done.
    case resetBeforeHeaders
    /// Everything is done and stored; then the connection is reset instead of the answer.
    case resetAfterStore
    /// The connection is reset after so many bytes of the answer's body.
    case resetMidBody(afterBytes: Int)
    /// The answer's body ends properly, but too early.
    case cut(afterBytes: Int)
    /// The answer's body comes in pieces of so many bytes, wherever that cuts a character.
    case chunks(bytes: Int)
    /// The answer's body comes at this speed.
    case slow(bytesPerSecond: Int)
    /// The answer waits, in the machine's time.
    case delay(ms: Int64)
    /// Virtual time passes before the call is looked at.
    case advance(ms: Int64)
    /// The results stream is not as it should be.
    case mangle(Set<Mangling>)
  }

  /// Nil is every provider's.
  var api: SandboxAPI?
  /// Nil is every route of the API.
  var route: Route.Name?
  /// Which calls of the route, counted from 1 and across restarts.
  var calls = Occasion()
  /// The share of those calls, drawn.
  var share = 1.0
  let action: Action
  /// `retry-after` as a date so many seconds ahead of the sandbox's clock.
  var retryDateSeconds: Int64?

  init(_ json: JSONValue, _ place: ScriptPlace) throws(SandboxError) {
    try place.allow(
      [
        "api", "route", "calls", "share", "status", "type", "message", "code", "param", "headers",
        "retry_after_date_s",
        "body", "content_type", "reset", "after_bytes", "cut_after_bytes", "bytes_per_second",
        "chunk_bytes",
        "delay_ms", "advance_s", "mangle",
      ], in: json)
    if let word = json["api"]?.string {
      api = SandboxAPI(rawValue: word)
      if api == nil { throw place.error("has an unknown api '\(word)'") }
    }
    if let word = json["route"]?.string, word != "*" {
      route = Route.Name(rawValue: word)
      if route == nil { throw place.error("has an unknown route '\(word)'") }
    }
    calls = try Occasion(json["calls"], place.inside("calls"))
    share = json["share"]?.double ?? 1
    retryDateSeconds = json["retry_after_date_s"]?.int.map(Int64.init)
    action = try Self.action(json, place)
  }

  private static func action(_ json: JSONValue, _ place: ScriptPlace) throws(SandboxError) -> Action
  {
    if let status = json["status"]?.int { return answer(json, status) }
    if let word = json["reset"]?.string {
      switch word {
      case "before_headers": return .resetBeforeHeaders
      case "after_store": return .resetAfterStore
      case "mid_body": return .resetMidBody(afterBytes: json["after_bytes"]?.int ?? 1000)
      default: throw place.error("has an unknown reset '\(word)'")
      }
    }
    if let bytes = json["cut_after_bytes"]?.int { return .cut(afterBytes: bytes) }
    if let speed = json["bytes_per_second"]?.int { return .slow(bytesPerSecond: max(1, speed)) }
    if let bytes = json["chunk_bytes"]?.int { return .chunks(bytes: max(1, bytes)) }
    if let ms = json["delay_ms"]?.int { return .delay(ms: Int64(ms)) }
    if let seconds = json["advance_s"]?.double { return .advance(ms: Int64(seconds * 1000)) }
    if let words = json["mangle"]?.array {
      var manglings: Set<Mangling> = []
      for word in words.compactMap(\.string) {
        guard let mangling = Mangling(rawValue: word) else {
          throw place.error("has an unknown mangling '\(word)'")
        }
        manglings.insert(mangling)
      }
      return .mangle(manglings)
    }
    throw place.error("says nothing that happens")
  }

  private static func answer(_ json: JSONValue, _ status: Int) -> Action {
    var headers: [String: String] = [:]
    for member in json["headers"]?.members ?? [] {
      headers[member.key] = member.value.string ?? member.value.compact
    }
    if let body = json["body"]?.string {
      let type = json["content_type"]?.string ?? "text/html"
      return .page(status: status, type: type, body: body, headers: headers)
    }
    return .refuse(
      APIError(
        status: status, type: json["type"]?.string,
        message: json["message"]?.string ?? "The sandbox was told to answer \(status)",
        code: json["code"]?.string, param: json["param"]?.string, headers: headers))
  }

  /// Whether the connection is reset on purpose.
  var resets: Bool {
    switch action {
    case .resetBeforeHeaders, .resetAfterStore, .resetMidBody: true
    default: false
    }
  }

  /// What the journal calls it.
  var name: String {
    switch action {
    case .refuse(let error): "status \(error.status)"
    case .page(let status, _, _, _): "page \(status)"
    case .resetBeforeHeaders: "reset before_headers"
    case .resetAfterStore: "reset after_store"
    case .resetMidBody: "reset mid_body"
    case .cut: "cut"
    case .chunks(let bytes): "chunks of \(bytes)"
    case .slow: "slow"
    case .delay: "delay"
    case .advance: "advance"
    case .mangle(let manglings):
      "mangle " + manglings.map(\.rawValue).sorted().joined(separator: " ")
    }
  }

  /// Whether it happens to the so-manieth call of a route.
  func hits(_ operation: Route.Operation, call: Int, seed: UInt64, number: Int) -> Bool {
    guard api == nil || api == operation.api, route == nil || route == operation.name,
      calls.includes(call)
    else { return false }
    guard share < 1 else { return true }
    var draw = Draw(seed: seed, "call fault \(number) \(operation.name.rawValue) \(call)")
    return draw.share() < share
  }
}
