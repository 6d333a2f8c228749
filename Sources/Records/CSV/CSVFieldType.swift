/// What a column's texts are read as.
public enum CSVFieldType: String, Sendable, CaseIterable {
  /// The text as it stands; empty is the empty text.
  case text
  /// A whole number, written as JSON writes it; spaces around it are passed over. Empty is null.
  case integer
  /// A number, written as JSON writes it; spaces around it are passed over. Empty is null.
  case number
  /// `true` or `false` in any case; spaces around it are passed over. Empty is null.
  case boolean
  /// One JSON value. Empty is null.
  case json
}
