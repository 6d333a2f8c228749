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
    if error.stopsRun {
      self = .end
    } else if error.isOverload {
      self = (error.retryAfter ?? .zero) > BackoffPolicy().retryAfterLimit ? .end : .slowDown
    } else if error.isTransient {
      let isLast = attempt >= (error.isDoubtful ? Self.doubtfulAttempts : Self.attempts)
      self = !isLast ? .again : error.outcome == .notReceived ? .end : .row
    } else {
      // A refusal that is not in the provider's own words is about the address, not about the request.
      self = error.type != nil && error.status.map { $0 >= 400 } == true ? .row : .end
    }
  }
}

extension ProviderError {
  /// Whether the provider says that there are too many calls, or that it has too much to do.
  var isOverload: Bool {
    status == 429 || status == 529 || type == "overloaded_error" || type == "rate_limit_error"
  }

  /// Whether the request went out whole and its answer was lost: it may have been billed.
  var isDoubtful: Bool {
    guard case .connection(let failure) = cause else { return false }
    return failure.phase != .notSent
  }
}
