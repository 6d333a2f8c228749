/// A least value of a field: records below it are left out, those without a value are not.
public struct LowerBound: Sendable, Hashable {
  /// The field.
  public let field: String
  /// The value: a number or a string. Numbers come before strings, as in SQLite.
  public let value: JSONValue

  /// Creates a bound.
  public init(field: String, value: JSONValue) {
    self.field = field
    self.value = value
  }

  /// Whether a record is left out.
  public func excludes(_ record: JSONView) -> Bool {
    guard let found = record[field], let order = Self.order(found, value) else { return false }
    return order < 0
  }

  /// Compares a value with another one: below 0, 0 or above 0; nil when one is neither a number nor a string.
  public static func order(_ view: JSONView, _ value: JSONValue) -> Int? {
    switch (view.kind, value) {
    case (.number, .number(let text)):
      if let left = Int64(view.text), let right = Int64(text) { return (left - right).signum }
      guard let left = Double(view.text), let right = Double(text) else { return nil }
      return left < right ? -1 : left > right ? 1 : 0
    case (.string, .string(let text)):
      let (left, right) = (Array(view.text.utf8), Array(text.utf8))
      if left == right { return 0 }
      return left.lexicographicallyPrecedes(right) ? -1 : 1
    case (.number, .string): return -1
    case (.string, .number): return 1
    default: return nil
    }
  }

  /// The same as the end of a SELECT, with one parameter.
  var condition: String {
    let column = SQLiteConnection.quoted(field)
    return " WHERE (\(column) >= ?1 OR \(column) IS NULL)"
  }

  /// Binds the value.
  func bind(to statement: SQLiteStatement) {
    switch value {
    case .number(let text):
      if let integer = Int64(text) {
        statement.bind(1, integer)
      } else {
        statement.bind(1, real: Double(text) ?? 0)
      }
    case .string(let text): statement.bind(1, text)
    default: preconditionFailure("a bound is a number or a string")
    }
  }
}

extension Int64 {
  fileprivate var signum: Int { self < 0 ? -1 : self > 0 ? 1 : 0 }
}
