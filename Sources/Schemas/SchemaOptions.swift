public import Records

/// What a schema may refer to, and how what the specification leaves open is decided.
public struct SchemaOptions {
  /// What `format` (and, in draft 7, `contentEncoding` and `contentMediaType`) does.
  public enum Formats: Sendable, Hashable {
    /// They describe and never fail: the default of the specification.
    case annotation
    /// A string that does not have the format fails. A format that cannot be decided here is
    /// refused when the schema is compiled.
    case assertion
  }

  /// The draft of a schema that has no `$schema`.
  public var draft: SchemaDraft
  /// What `format` does.
  public var formats: Formats
  /// The URI that the schema was read from; relative references start from it where no `$id` says
  /// otherwise.
  public var location: String
  /// Documents that a schema may refer to, by absolute URI.
  ///
  /// Only these stand in for `http` and `https` references: nothing is fetched.
  public var documents: [String: JSONValue]
  /// Reads a file that a relative or `file:` reference names, by its absolute path; nil when there
  /// is none.
  public var loadFile: ((_ path: String) throws -> JSONValue?)?

  /// Creates options.
  ///
  /// - Parameters:
  ///   - draft: The draft of a schema that has no `$schema`.
  ///   - formats: What `format` does.
  ///   - location: The URI that the schema was read from, such as `file:///data/a.schema.json`.
  ///   - documents: Documents by absolute URI.
  ///   - loadFile: Reads a file beside the schema by its absolute path.
  public init(
    draft: SchemaDraft = .draft202012, formats: Formats = .annotation,
    location: String = "file:///schema.json", documents: [String: JSONValue] = [:],
    loadFile: ((_ path: String) throws -> JSONValue?)? = nil
  ) {
    self.draft = draft
    self.formats = formats
    self.location = location
    self.documents = documents
    self.loadFile = loadFile
  }
}
