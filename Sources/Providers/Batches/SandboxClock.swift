internal import Records

/// The clock of a sandbox, read and moved over its control routes.
public struct SandboxClock: Sendable {
  /// What the clock shows.
  public struct Reading: Hashable, Sendable {
    /// Now, in UTC milliseconds.
    public var now: Int64
    /// Whether the clock stands still until it is moved.
    public var isVirtual: Bool
  }

  private let url: String
  private let client: HTTPClient

  /// Finds the clock at the root of an endpoint's origin; nothing is opened yet.
  ///
  /// The key is not sent there.
  public init(origin: HTTPOrigin, client: HTTPClient) {
    url = "\(origin)/sandbox/clock"
    self.client = client
  }

  /// What the clock shows.
  ///
  /// - Throws: `ProviderError`.
  public func reading() async throws(ProviderError) -> Reading {
    try await call(HTTPRequest(.get, url))
  }

  /// Moves a virtual clock forward to a time in UTC milliseconds, and says what it shows then.
  ///
  /// A time that has passed moves nothing.
  ///
  /// - Throws: `ProviderError`.
  public func advance(to time: Int64) async throws(ProviderError) -> Reading {
    var request = HTTPRequest(.post, url)
    request.headers = [("Content-Type", "application/json")]
    request.body = .bytes(Array("{\"advance_to_ms\":\(time)}".utf8))
    return try await call(request)
  }

  private func call(_ request: HTTPRequest) async throws(ProviderError) -> Reading {
    let answer: HTTPResponse
    do throws(HTTPFailure) {
      answer = try await client.send(request)
    } catch {
      throw ProviderError(.clock, .connection(error))
    }
    guard answer.isSuccess else { throw ProviderError(.clock, answer: answer, secret: nil) }
    // A body that is no JSON has no clock in it either.
    let body = (try? JSONValue(parsing: answer.body)) ?? .null
    guard let now = body["now_ms"]?.int, let mode = body["mode"]?.string else {
      throw ProviderError(.clock, .unreadable("it is not a sandbox's clock"))
    }
    return Reading(now: Int64(now), isVirtual: mode == "virtual")
  }
}
