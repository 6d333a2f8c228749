public import Records

/// Why a row has no answer: views into the row, valid as long as the row's tape and bytes.
public struct RowError {
  /// What to do about an error.
  public enum Kind: UInt8, Hashable, Sendable {
    /// The request itself is wrong; sent again as it is, it fails again.
    case invalidRequest
    /// The request is too large; to be split or shortened.
    case tooLarge
    /// The provider was overloaded or limited the rate; send it again later.
    case overloaded
    /// The provider failed or took too long; send it again.
    case server
    /// The key, the permissions or the account's billing; a person must act.
    case account
    /// The model or another thing named in the request does not exist.
    case notFound
    /// A word that this version does not know; to be sent again, a bounded number of times.
    case unknown

    /// Whether the same body may succeed another time.
    public var isTransient: Bool { self == .overloaded || self == .server || self == .unknown }
  }

  /// What to do about it.
  public let kind: Kind
  /// The provider's `error.type`; nil when there is none.
  public let type: JSONView?
  /// The provider's words; nil when there are none.
  public let message: JSONView?
  /// The provider's finer code; nil when there is none.
  public let code: JSONView?
  /// The provider's id of the request.
  public let requestID: JSONView?

  /// Reads `result.error`, wrapped in an error envelope or not.
  init(_ error: JSONView?) {
    let inner = error?.member("error")
    let isWrapped = error?.member("type")?.isText("error") == true && inner?.kind == .object
    let core = isWrapped ? inner : error
    type = core?.string("type")
    message = core?.string("message")
    code = core?.member("details")?.string("error_code")
    requestID = error?.string("request_id")
    kind = type.flatMap { type in Self.words.first { type.isText($0.word) }?.kind } ?? .unknown
  }

  /// Reads an error, wrapped or not, by its HTTP status; without one, by its code.
  init(status: Int?, _ error: JSONView?, requestID: JSONView?) {
    let inner = error?.member("error")
    let error = inner?.kind == .object ? inner : error
    // An answer that is none comes with the status of a success from some.
    let status = (status ?? 0) < 400 ? error?.member("code")?.countValue ?? status : status
    type = error?.string("type")
    message = error?.kind == .string ? error : error?.string("message")
    code = error?.string("code")
    self.requestID = requestID
    switch status {
    case 404: kind = .notFound
    case 413: kind = .tooLarge
    case 401, 402, 403: kind = .account
    case 408, 409, 429: kind = .overloaded
    case .some(500...): kind = .server
    case .some(400...): kind = .invalidRequest
    default: kind = .unknown
    }
  }

  /// Reads an error by its number in `google.rpc.Code`.
  init(_ status: StatusCode, _ error: JSONView) {
    type = error.string("status") ?? error.member("code")
    message = error.string("message")
    code = nil
    requestID = nil
    kind = status.rowKind
  }

  private static let words: [(word: StaticString, kind: Kind)] = [
    ("invalid_request_error", .invalidRequest), ("overloaded_error", .overloaded),
    ("rate_limit_error", .overloaded), ("api_error", .server), ("timeout_error", .server),
    ("request_too_large", .tooLarge), ("not_found_error", .notFound),
    ("authentication_error", .account), ("permission_error", .account),
    ("billing_error", .account),
  ]
}
