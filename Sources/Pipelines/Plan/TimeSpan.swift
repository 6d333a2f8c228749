/// Lengths of time as people write them.
public enum TimeSpan {
  /// Reads `36h`, `2d`, `90m` or `10s`.
  ///
  /// - Parameter text: A whole number above 0 and a unit.
  /// - Returns: Milliseconds; nil for anything else.
  public static func milliseconds(_ text: String) -> Int64? {
    ScalarReading.milliseconds(YAMLScalar(text, style: .plain, isText: false))
  }
}
