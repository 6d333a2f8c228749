/// One way in which a value does not fit its schema.
public struct SchemaViolation: Hashable, Sendable, CustomStringConvertible {
  /// Where in the value: a JSON pointer; empty for the whole value.
  public let instancePath: String
  /// Which keyword: a JSON pointer into the schema after `#`.
  public let schemaPath: String
  /// The keyword's name; `false` for a schema that allows nothing.
  public let keyword: String
  /// What is wrong, short enough to be sent back to a model; it begins with the place.
  public let sentence: String

  /// The sentence.
  public var description: String { sentence }
}
