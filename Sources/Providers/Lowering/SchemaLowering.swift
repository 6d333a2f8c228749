public import Records

/// Brings a user's answer schema into the form Anthropic's structured outputs accept.
///
/// Keywords the provider does not take are told to the model in the `description` beside them; objects get
/// `additionalProperties: false`; `oneOf` becomes `anyOf`; references that are not to `$defs` are replaced by what
/// they name. The lowered schema only steers the model: the answer is checked against the user's own.
public struct SchemaLowering: Sendable {
  private let rules: Catalog.AnswerSchema

  /// Prepares for a provider's rules.
  public init(_ rules: Catalog.AnswerSchema) {
    self.rules = rules
  }

  /// Lowers a schema.
  ///
  /// All problems are reported at once; with problems, the schema in the report is of no use.
  public func lower(_ schema: JSONValue) -> LoweringReport {
    var pass = LoweringPass(root: schema, rules: rules)
    let lowered = pass.run()
    return LoweringReport(
      schema: lowered, moved: pass.moved, addedNulls: pass.addedNulls, problems: pass.problems)
  }
}
