/// How long a server asks to wait.
public enum RetryAfter {
  /// Longer waits than this are taken as this: a year.
  private static let limit = 31_536_000.0

  /// The wait in an answer's headers: `retry-after-ms` first, then `retry-after` in seconds
  /// (fractions allowed) or as a date, which counts from the answer's own `Date` header.
  ///
  /// Nil when neither can be read; zero for a past date.
  public static func wait(in answer: HTTPResponse) -> Duration? {
    if let text = answer.header("retry-after-ms"), let milliseconds = number(text) {
      return .milliseconds(Int64(min(milliseconds, limit * 1000)))
    }
    guard let text = answer.header("retry-after") else { return nil }
    if let seconds = number(text) { return .milliseconds(Int64(min(seconds, limit) * 1000)) }
    guard let until = HTTPDate.milliseconds(text), let now = answer.date else { return nil }
    return .milliseconds(max(0, until - now))
  }

  private static func number(_ text: String) -> Double? {
    guard let value = Double(text), value.isFinite, value >= 0 else { return nil }
    return value
  }
}
