public import Records

/// Everything there is to know about one key of a pipeline file.
///
/// The same specification checks what is written, fills in what is not, and becomes the editor's
/// schema and the key reference: a key cannot exist without being documented.
public struct FieldSpec: Sendable {
  /// The key.
  public let name: String
  /// What its value may be.
  public let type: FieldType
  /// Whether it must be written.
  public let isRequired: Bool
  /// What counts when it is not written; nil when nothing does.
  public let defaultValue: JSONValue?
  /// One sentence for the person who writes the file.
  public let doc: String
  /// A value as one would write it; nil for sections.
  public let example: String?
  /// Keys of the same mapping of which one must be there for this key to mean anything; empty when
  /// it always does.
  public let goesWith: [String]
  /// The first version that knows the key.
  public let since: String

  /// Creates a specification.
  public init(
    _ name: String, _ type: FieldType, isRequired: Bool = false,
    default defaultValue: JSONValue? = nil, goesWith: [String] = [], _ doc: String,
    example: String? = nil, since: String = "0.1"
  ) {
    self.name = name
    self.type = type
    self.isRequired = isRequired
    self.defaultValue = defaultValue
    self.doc = doc
    self.example = example
    self.goesWith = goesWith
    self.since = since
  }

  /// The same key where nothing is required and nothing is filled in, as under `defaults`.
  var relaxed: FieldSpec {
    FieldSpec(name, type.relaxed, goesWith: goesWith, doc, example: example, since: since)
  }
}
