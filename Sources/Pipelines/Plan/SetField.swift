public import Templates

/// A field that is set.
public struct SetField: Sendable {
  /// The field, or column.
  public let name: String
  /// What it is set to.
  public let expression: CompiledExpression
}
