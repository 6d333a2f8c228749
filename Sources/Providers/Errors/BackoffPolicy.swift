/// When a call that failed is made again: exponential, with full jitter, bounded.
public struct BackoffPolicy: Hashable, Sendable {
  /// The upper bound of the first wait; it doubles from try to try.
  public var base: Duration
  /// The upper bound of any wait that the provider did not ask for.
  public var cap: Duration
  /// A wait the provider asks for that is longer than this is not waited for here: the error is thrown, and
  /// the next run tries again.
  public var retryAfterLimit: Duration
  /// How often a call is made in all, at least once.
  public var attempts: Int
  /// No try begins later than this after the first.
  public var total: Duration

  /// Creates a policy.
  public init(
    base: Duration = .milliseconds(500), cap: Duration = .seconds(30),
    retryAfterLimit: Duration = .seconds(300), attempts: Int = 6, total: Duration = .seconds(900)
  ) {
    self.base = base
    self.cap = cap
    self.retryAfterLimit = retryAfterLimit
    self.attempts = attempts
    self.total = total
  }

  /// How long to wait after the `attempt`th failed try (from 1): a random part of the bound, and
  /// never less than the provider asks for.
  ///
  /// Nil when no further try is due.
  public func wait(
    after error: ProviderError, attempt: Int, random: inout some RandomNumberGenerator
  ) -> Duration? {
    guard attempt < attempts, isRepeatable(error) else { return nil }
    let doublings = min(attempt - 1, 32)
    let bound = min(cap, base * (1 << doublings))
    let share = Double(random.next() >> 11) * 0x1p-53
    let jitter = bound * share
    guard let asked = error.retryAfter else { return jitter }
    return asked > retryAfterLimit ? nil : asked + min(jitter, base)
  }

  /// Whether a failed call may be made again at all: the failure is transient, and a create did not perhaps
  /// succeed.
  public func isRepeatable(_ error: ProviderError) -> Bool {
    guard error.isTransient else { return false }
    return error.operation != .create || error.outcome != .ambiguous
  }

  /// Makes a call, again and again where that helps.
  ///
  /// - Parameters:
  ///   - clock: What the waits are measured and slept on.
  ///   - random: Where the jitter comes from.
  ///   - call: The call.
  /// - Returns: What the call returns.
  /// - Throws: The last error, when it is not repeatable, the bounds are used up or the task is canceled while
  ///   waiting.
  public func run<Value, C: Clock>(
    on clock: C, random: inout some RandomNumberGenerator,
    _ call: () async throws(ProviderError) -> Value
  ) async throws(ProviderError) -> Value where C.Duration == Duration {
    let start = clock.now
    var attempt = 1
    while true {
      do throws(ProviderError) {
        return try await call()
      } catch {
        guard let wait = wait(after: error, attempt: attempt, random: &random) else { throw error }
        let next = clock.now.advanced(by: wait)
        guard start.duration(to: next) <= total else { throw error }
        // Cancellation while waiting ends the tries with the error at hand.
        guard (try? await clock.sleep(until: next, tolerance: nil)) != nil else { throw error }
        attempt += 1
      }
    }
  }
}
