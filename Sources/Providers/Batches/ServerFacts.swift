/// What an answer's headers tell besides its body.
public struct ServerFacts: Hashable, Sendable {
  /// The server's clock in UTC milliseconds, to the second; nil when it does not say.
  public var date: Int64?
  /// How long the server asks to wait before the next call: of a batch in progress a hint for polling.
  public var retryAfter: Duration?
  /// The provider's id of the request.
  public var requestID: String?
  /// Whether the server is a sandbox, whose answers never touch real data.
  public var isSandbox = false
  /// The sandbox's clock in UTC milliseconds; nil for a real provider.
  public var sandboxNow: Int64?

  /// Creates facts of a real provider that says nothing.
  public init() {}

  /// Reads an answer's headers.
  public init(_ answer: HTTPResponse) {
    date = answer.date
    retryAfter = RetryAfter.wait(in: answer)
    requestID = answer.header("request-id") ?? answer.header("x-request-id")
    isSandbox = answer.header("leaven-sandbox") != nil
    sandboxNow = answer.header("leaven-sandbox-now-ms").flatMap { Int64($0) }
  }

  /// The best known time at the server in UTC milliseconds.
  public var now: Int64? { sandboxNow ?? date }
}
