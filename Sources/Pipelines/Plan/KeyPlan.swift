public import Templates

/// What tells the records of a stage apart.
public enum KeyPlan: Sendable {
  /// The value of a field.
  case field(String)
  /// The text of a template.
  case template(CompiledTemplate)
  /// The key that the record has in the stage it comes from.
  case inherited
}
