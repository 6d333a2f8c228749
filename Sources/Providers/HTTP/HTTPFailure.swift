/// Why a request has no complete response.
public struct HTTPFailure: Error, Hashable, Sendable {
  /// How far the request came: what may have happened at the other side.
  public enum Phase: String, Hashable, Sendable {
    /// The request never went out whole, so no server can have acted on it.
    case notSent = "not-sent"
    /// The request went out whole and no answer came: the server may have acted on it or not.
    case ambiguous
    /// The answer's status and headers came, its body did not come whole.
    case cutBody = "cut-body"
  }

  /// What went wrong.
  public enum Reason: Hashable, Sendable {
    /// The URL is none, or neither `http` nor `https`.
    case badURL
    /// The server's or the proxy's name has no address.
    case nameNotResolved
    /// Nothing listens there, or no route leads there.
    case notConnected
    /// The TLS handshake failed, or the certificate is not trusted.
    case untrusted
    /// Not connected within the bound.
    case connectTimedOut
    /// Nothing moved for the bound.
    case stalled
    /// Not complete within the total bound.
    case timedOut
    /// The connection broke.
    case broken
    /// The body is larger than its destination takes.
    case tooLarge
    /// The body could not be written to its file.
    case notWritten(errno: Int32)
    /// The request's body could not be read.
    case unreadableBody(String)
    /// The task was canceled.
    case canceled
    /// Something else; libcurl's number.
    case other(code: Int)
  }

  /// How far the request came.
  public let phase: Phase
  /// What went wrong.
  public let reason: Reason
  /// The server's scheme, host and port; never a path, a query or a key.
  public let origin: String
  /// libcurl's own words, empty when it has none.
  public let detail: String

  /// Creates a failure.
  public init(phase: Phase, reason: Reason, origin: String, detail: String = "") {
    self.phase = phase
    self.reason = reason
    self.origin = origin
    self.detail = detail
  }

  /// Whether the same request may succeed a little later.
  public var isTransient: Bool {
    switch reason {
    case .nameNotResolved, .notConnected, .connectTimedOut, .stalled, .timedOut, .broken: true
    case .badURL, .untrusted, .tooLarge, .notWritten, .unreadableBody, .canceled, .other: false
    }
  }
}

extension HTTPFailure: CustomStringConvertible {
  /// One sentence without a final stop.
  public var description: String {
    let sentence =
      switch reason {
      case .badURL: "\(origin) is not a URL that can be called"
      case .nameNotResolved: "the name in \(origin) has no address"
      case .notConnected: "\(origin) cannot be connected to"
      case .untrusted: "the TLS connection to \(origin) is not trusted"
      case .connectTimedOut: "\(origin) did not answer the connection in time"
      case .stalled: "nothing moved on the connection to \(origin) for too long"
      case .timedOut: "the call to \(origin) took too long"
      case .broken: "the connection to \(origin) broke"
      case .tooLarge: "the answer of \(origin) is larger than expected"
      case .notWritten(let errno):
        "the answer of \(origin) could not be written (\(SystemError(errno)))"
      case .unreadableBody(let why): "the request's body could not be read: \(why)"
      case .canceled: "the call to \(origin) was stopped"
      case .other(let code): "the call to \(origin) failed (libcurl \(code))"
      }
    return detail.isEmpty ? sentence : "\(sentence): \(detail)"
  }
}
