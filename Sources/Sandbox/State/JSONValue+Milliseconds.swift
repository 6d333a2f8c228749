internal import Records

extension JSONValue {
  /// A time or duration in milliseconds.
  static func number(_ ms: Int64) -> JSONValue { .number(String(ms)) }
}
