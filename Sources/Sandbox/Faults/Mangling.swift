/// Ways in which a results stream can be wrong although it arrives whole.
enum Mangling: String, Sendable, CaseIterable {
  /// Every fifth row stands twice.
  case duplicateRows = "duplicate_rows"
  /// Every fifth row is missing.
  case missingRows = "missing_rows"
  /// A row of a custom_id that nobody asked for.
  case unknownIDs = "unknown_ids"
  /// A result type that does not exist, in every fifth row.
  case unknownTypes = "unknown_types"
  /// Members that no documentation names.
  case extraFields = "extra_fields"
  /// `result.error` is the error itself instead of its envelope.
  case flatErrors = "flat_errors"
  /// The ids of the first two rows stand at each other's.
  case swappedKeys = "swapped_keys"
  /// Lines end with CRLF.
  case crlf
  /// The last line has no line end.
  case noFinalNewline = "no_final_newline"
  /// The last line stops in its middle.
  case tornLastLine = "torn_last_line"
}
