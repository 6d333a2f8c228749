/// When a batch is asked after: every minute at first, then less often with its age, at least every ten minutes. The
/// provider's `retry-after` is a hint for not sooner.
struct PollPolicy: Sendable {
  /// The shortest time between two questions, in milliseconds.
  var shortest: Int64 = 60_000
  /// The longest.
  var longest: Int64 = 600_000

  /// No question is put off for longer than this, in milliseconds, whatever the provider asks.
  static let farthest: Int64 = 2 * 3_600_000

  /// When a batch that was just made is asked after.
  func first(after now: Int64) -> Int64 { now + shortest }

  /// When a batch is asked after next.
  ///
  /// - Parameters:
  ///   - now: By the run's clock, in milliseconds.
  ///   - age: How long ago the batch was made, in milliseconds.
  ///   - hint: What the provider asks to wait at least.
  ///   - jitter: From 0 to 1: pipelines that started together do not ask together.
  /// - Returns: In UTC milliseconds by the same clock.
  func next(after now: Int64, age: Int64, hint: Duration?, jitter: Double) -> Int64 {
    let grown = min(max(age / 8, shortest), longest)
    let wait = max(grown, hint?.milliseconds ?? 0)
    return now + min(wait + Int64(Double(wait) * 0.1 * jitter), Self.farthest)
  }
}
