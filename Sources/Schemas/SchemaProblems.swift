/// Everything that is wrong with a schema that cannot be compiled.
public struct SchemaProblems: Error, Hashable, Sendable {
  /// The mistakes, at least one, in the order of the schema from its outside to its inside.
  public let errors: [SchemaError]
  /// What is doubtful besides.
  public let warnings: [SchemaWarning]
}
