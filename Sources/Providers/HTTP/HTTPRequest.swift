/// One request to a server.
public struct HTTPRequest: Sendable {
  /// The method.
  public enum Method: String, Sendable {
    case get = "GET"
    case post = "POST"
    case delete = "DELETE"
  }

  /// Bounds on a transfer's time.
  public struct Timeouts: Hashable, Sendable {
    /// For name resolution, connection and TLS together.
    public var connect: Duration
    /// How long not a byte may move in either direction.
    ///
    /// Waiting for the answer counts, so a call that makes the server work long needs a long one.
    /// Whole seconds, at least one.
    public var stall: Duration
    /// For the whole transfer.
    public var total: Duration

    /// Creates bounds.
    public init(
      connect: Duration = .seconds(15), stall: Duration = .seconds(90),
      total: Duration = .seconds(600)
    ) {
      self.connect = connect
      self.stall = stall
      self.total = total
    }
  }

  /// Where a successful response's body goes.
  ///
  /// The body of any other status goes to memory, up to 1 MB.
  public enum Destination: Sendable {
    /// Into the response, at most this many bytes.
    case memory(limit: Int)
    /// Into a file that is made or emptied, synced when the transfer is complete and removed when it fails.
    case file(path: String)
    /// Behind what a file holds, else the same; a failure removes the whole file.
    case appended(path: String)
  }

  /// The method.
  public var method: Method
  /// The absolute URL, `http` or `https`.
  public var url: String
  /// Names and values; a name that stands twice is sent twice.
  public var headers: [(name: String, value: String)] = []
  /// What is sent.
  public var body: HTTPBody = .empty
  /// Where the response's body goes.
  public var destination: Destination = .memory(limit: 16_000_000)
  /// Bounds on the time.
  public var timeouts = Timeouts()
  /// Whether the server must not hear this request twice.
  ///
  /// libcurl silently repeats a request when a kept connection turns out to be dead; such a request goes over
  /// a connection of its own, where that cannot happen.
  public var isUnrepeatable = false

  /// Creates a request.
  public init(_ method: Method, _ url: String) {
    self.method = method
    self.url = url
  }
}
