/// Something in a schema that compiles but probably does not mean what its author thinks.
public struct SchemaWarning: Hashable, Sendable {
  /// What kind of doubt it is.
  public enum Code: String, Sendable, Hashable {
    /// A keyword that no vocabulary knows, close to one that does exist.
    case unknownKeyword = "unknown-keyword"
    /// A keyword of another draft: here it has no effect.
    case otherDraft = "other-draft"
    /// A keyword beside a draft 7 `$ref`, where it has no effect.
    case ignoredSibling = "ignored-sibling"
    /// A format that no specification knows: it is never asserted.
    case unknownFormat = "unknown-format"
  }

  /// Where: a JSON pointer into the schema after `#`.
  public let schemaPath: String
  /// What kind of doubt it is.
  public let code: Code
  /// What is doubtful, in one sentence.
  public let sentence: String
  /// What was probably meant.
  public let hint: String?
}
