/// What an answer's headers say of the limits on the rate of calls.
public struct RateLimits: Hashable, Sendable {
  /// What is left of one limit.
  public struct Room: Hashable, Sendable {
    /// So much may still be used before the reset.
    public var remaining: Int
    /// How long it is until all of it may be used again.
    public var reset: Duration

    /// Creates a description.
    public init(remaining: Int, reset: Duration) {
      self.remaining = remaining
      self.reset = reset
    }
  }

  /// Calls; nil when the headers do not say.
  public var requests: Room?
  /// Tokens, of the scarcest kind that the headers tell of; nil when they do not say.
  public var tokens: Room?

  /// No limits told.
  public init() {}

  /// Reads `anthropic-ratelimit-*` (resets are times, RFC 3339) and `x-ratelimit-*` (resets are durations, `6m0s`).
  public init(_ answer: HTTPResponse) {
    let now = answer.header("leaven-sandbox-now-ms").flatMap { Int64($0) } ?? answer.date
    func room(_ remaining: String, _ reset: String) -> Room? {
      guard let left = answer.header(remaining).flatMap({ Int($0) }),
        let text = answer.header(reset)
      else { return nil }
      if let length = Self.duration(text) { return Room(remaining: max(0, left), reset: length) }
      guard let now, let until = Timestamp.milliseconds(text) else { return nil }
      return Room(remaining: max(0, left), reset: .milliseconds(max(0, until - now)))
    }
    let name = "anthropic-ratelimit-"
    requests =
      room(name + "requests-remaining", name + "requests-reset")
      ?? room("x-ratelimit-remaining-requests", "x-ratelimit-reset-requests")
    let kinds = [
      room(name + "tokens-remaining", name + "tokens-reset"),
      room(name + "input-tokens-remaining", name + "input-tokens-reset"),
      room(name + "output-tokens-remaining", name + "output-tokens-reset"),
      room("x-ratelimit-remaining-tokens", "x-ratelimit-reset-tokens"),
    ]
    tokens = kinds.compactMap(\.self).min { $0.remaining < $1.remaining }
  }

  /// A length of time as `1s`, `6m0s`, `1h2m3.5s`, `120ms`, or seconds without a unit; nil for anything else.
  static func duration(_ text: String) -> Duration? {
    if let seconds = Double(text) {
      return (0..<1e6).contains(seconds) ? .milliseconds(Int64(seconds * 1000)) : nil
    }
    var total = 0.0
    var rest = Substring(text)
    while !rest.isEmpty {
      let digits = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
      rest = rest.dropFirst(digits.count)
      let unit = rest.prefix { $0.isASCII && $0.isLetter }
      rest = rest.dropFirst(unit.count)
      guard let number = Double(digits), let seconds = units[String(unit)] else { return nil }
      total += number * seconds
    }
    guard !text.isEmpty, total < 1e9 else { return nil }
    return .milliseconds(Int64(total * 1000))
  }

  private static let units = ["ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86_400.0]
}
