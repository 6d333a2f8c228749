/// What becomes of a call that failed.
enum CallFate: Hashable {
  /// It is made again, and all others come more slowly.
  case slowDown
  /// It is made again after a while.
  case again
  /// It is over; its failure is its row.
  case row
  /// No call can succeed now.
  case end

  /// So often a call is made that fails without a word on the rate.
  static let attempts = 4
  /// So often a call is made that may have been billed each time.
  static let doubtfulAttempts = 2

  /// What becomes of a call.
  ///
  /// - Parameters:
  ///   - error: How it failed.
  ///   - attempt: How often it was made, this time included; calls that were refused for the rate do not count.
  init(_ error: ProviderError, attempt: Int) {
    self = Self.fate(of: error, attempt)
  }

  private static func fate(of error: ProviderError, _ attempt: Int) -> CallFate {
    if error.stopsRun { return .end }
    if error.isOverload { return error.asksForTooLongAWait ? .end : .slowDown }
    if error.isTransient {
      if attempt < (error.isDoubtful ? doubtfulAttempts : attempts) { return .again }
      return error.outcome == .notReceived ? .end : .row
    }
    return error.isInTheProvidersWords ? .row : .end
  }
}

extension ProviderError {
  /// Whether the provider says that there are too many calls, or that it has too much to do.
  var isOverload: Bool {
    if status == 429 || status == 529 { return true }
    // Out of order is one thing; to say for how long is to ask for patience.
    if status == 503, retryAfter != nil || errorCode == "server_is_overloaded" { return true }
    return type.map { Self.overloadWords.contains($0) } ?? false
  }

  private static let overloadWords: Set<String> = [
    "overloaded_error", "rate_limit_error", "service_unavailable_error", "RESOURCE_EXHAUSTED",
    "UNAVAILABLE",
  ]

  /// Whether the wait it asks for is left to the next run.
  fileprivate var asksForTooLongAWait: Bool {
    guard let retryAfter else { return false }
    return retryAfter > BackoffPolicy().retryAfterLimit
  }

  /// Whether the provider itself refuses the request; a refusal in other words is about the address, not about the request.
  fileprivate var isInTheProvidersWords: Bool {
    guard type != nil || message != nil, let status else { return false }
    return status >= 400
  }

  /// Whether the request went out whole and its answer was lost: it may have been billed.
  var isDoubtful: Bool {
    guard case .connection(let failure) = cause else { return false }
    return failure.phase != .notSent
  }
}
