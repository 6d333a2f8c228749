/// The kinds of value a column was seen to hold.
struct SQLiteValueKinds {
  private var hasInteger = false
  private var hasReal = false
  private var hasText = false

  mutating func note(_ value: JSONView) {
    switch value.kind {
    case .null: break
    case .true, .false: hasInteger = true
    case .number:
      if value.node.flags.contains(.integer) { hasInteger = true } else { hasReal = true }
    case .string, .array, .object: hasText = true
    }
  }

  /// The type to declare: one that keeps every value seen as it is.
  var declaredType: String {
    switch (hasText, hasReal, hasInteger) {
    case (true, false, false), (false, false, false): "TEXT"
    case (false, false, true): "INTEGER"
    case (false, true, _): "REAL"
    // Without a type, text stays text and numbers stay numbers.
    case (true, _, _): ""
    }
  }
}
