/// Why a call to a provider did not give what it was made for.
///
/// Holds no key, no URL path and no prompt text beyond what the provider's own message repeats.
public struct ProviderError: Error, Hashable, Sendable {
  /// What was called.
  public enum Operation: String, Hashable, Sendable {
    /// Makes a batch; the only call that may cost money.
    case create
    /// Uploads the requests of a batch that is made afterwards; costs nothing.
    case upload
    /// Reads a batch's state.
    case retrieve
    /// Lists batches.
    case list
    /// Downloads a batch's results.
    case results
    /// Asks for a batch to be canceled.
    case cancel
    /// Removes an ended batch.
    case delete
    /// Reads or moves a sandbox's clock.
    case clock
    /// Asks for one answer, at full price.
    case message
    /// Asks how many tokens a request has; costs nothing.
    case countTokens = "count tokens"
  }

  /// What happened.
  public enum Cause: Hashable, Sendable {
    /// There was no complete answer.
    case connection(HTTPFailure)
    /// The server answered with a status other than success.
    case status(Int)
    /// The server answered with success, but not with what its documentation says; a sentence says what.
    case unreadable(String)
    /// The results lie at another origin, which must not see the key; the origin.
    case foreignOrigin(String)
    /// The batch's results are not there yet; a sentence says so.
    case noResults(String)
    /// The batch's results were there once and are not any more; a sentence says so.
    case resultsGone(String)
    /// The id is not one that a provider gave; nothing was sent.
    case badID
  }

  /// What is certain about a call's effect.
  public enum Outcome: String, Hashable, Sendable {
    /// The server never had the request whole: it did nothing.
    case notReceived = "not-received"
    /// The server said no: it did nothing.
    case refused
    /// The server may have acted.
    case ambiguous
  }

  /// What was called.
  public let operation: Operation
  /// What happened.
  public let cause: Cause
  /// The provider's `error.type`, such as `rate_limit_error`; nil when the answer had none.
  public var type: String?
  /// The provider's `error.message`, with anything that looks like a key taken out; nil when there is none.
  public var message: String?
  /// The provider's `error.details.error_code`.
  public var errorCode: String?
  /// The provider's id of the request, which its support asks for.
  public var requestID: String?
  /// How long the provider asks to wait; nil when it does not say.
  public var retryAfter: Duration?
  /// What the `x-should-retry` header says; nil without one.
  public var shouldRetry: Bool?
  /// The server's clock in UTC milliseconds; nil without an answer.
  public var serverDate: Int64?
  /// Whether a batch that was made a moment ago is not found: it may only not be visible yet.
  public var isNotYetVisible = false

  /// Creates an error.
  public init(_ operation: Operation, _ cause: Cause) {
    self.operation = operation
    self.cause = cause
  }

  /// The HTTP status; nil when there was no answer or it was a success.
  public var status: Int? {
    if case .status(let status) = cause { status } else { nil }
  }

  /// Whether the answer came and could not be written here: the trouble is this machine's.
  public var isNotWritten: Bool {
    if case .connection(let failure) = cause, case .notWritten = failure.reason { return true }
    return false
  }

  /// Whether the thing asked for does not exist (any more, or yet: `isNotYetVisible`).
  public var isNotFound: Bool { status == 404 }

  /// Whether the results were there once and are not any more.
  public var isResultsGone: Bool {
    if case .resultsGone = cause { true } else { false }
  }
}

extension ProviderError {
  private static let spendLimitCodes: Set<String> = [
    "enforced_spend_limit_reached", "contract_spend_limit_reached", "insufficient_quota",
    "credit_balance_exhausted", "organization_spend_limit_exceeded",
    "project_spend_limit_exceeded", "organization_usage_limit_exceeded",
    "billing_hard_limit_reached",
  ]
  private static let accountCodes: Set<String> = [
    keyRefusal, "organization_on_hold", "cmek_key_disabled", "claude_code_key_creator_not_member",
  ]

  /// Whether the account's spending limit is reached, as a 400 or as a 429.
  public var isSpendLimit: Bool {
    if let errorCode, Self.spendLimitCodes.contains(errorCode) { return true }
    if status == 429, let type, Self.spendLimitCodes.contains(type) { return true }
    return status == 400
      && message?.hasPrefix("You have reached your specified API usage limits") == true
  }

  /// Whether no other call can succeed either until a person acts: the key, the account or its limits.
  public var stopsRun: Bool {
    if isSpendLimit { return true }
    if let errorCode, Self.accountCodes.contains(errorCode) { return true }
    switch status {
    case 401, 402, 403: return true
    default: return false
    }
  }

  /// Whether the same call may succeed a little later.
  ///
  /// `x-should-retry` decides where the provider sends it, except that nothing that stops the run is retried.
  /// For a create, look at `outcome` as well: an ambiguous one is not to be repeated.
  public var isTransient: Bool {
    if stopsRun { return false }
    if isNotYetVisible { return true }
    switch cause {
    case .connection(let failure): return failure.isTransient
    case .status(let status):
      if let shouldRetry { return shouldRetry }
      return status == 408 || status == 409 || status == 429 || status >= 500
    case .unreadable, .foreignOrigin, .noResults, .resultsGone, .badID: return false
    }
  }

  /// What is certain about the call's effect.
  ///
  /// A status below 500 and an overload the provider itself reports are a clear no. Any other status may come
  /// from a proxy in between, or after the work was done.
  public var outcome: Outcome {
    if operation == .upload { return status == nil ? .notReceived : .refused }
    switch cause {
    case .connection(let failure): return failure.phase == .notSent ? .notReceived : .ambiguous
    case .status(let status):
      let isClear =
        status < 500 || type == "overloaded_error" || type == "service_unavailable_error"
        || errorCode?.hasPrefix("cmek_") == true
      return isClear ? .refused : .ambiguous
    case .unreadable: return .ambiguous
    case .foreignOrigin, .noResults, .resultsGone, .badID: return .notReceived
    }
  }
}
