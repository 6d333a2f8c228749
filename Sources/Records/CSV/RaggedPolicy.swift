/// What happens to a row that has more or fewer fields than the header.
public enum RaggedPolicy: String, Sendable, CaseIterable {
  /// The row is an error.
  case error
  /// Missing fields are empty; a row with too many is an error.
  case pad
  /// The row is left out and counted.
  case skip
}
