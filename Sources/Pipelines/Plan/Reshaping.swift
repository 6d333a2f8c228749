public import Templates

/// How the records that a stage reads become others, which it works on.
public enum Reshaping: Sendable {
  /// One record for each element of a list.
  case each(CompiledExpression)
  /// One record for all that have a value in common.
  case group(GroupPlan)
}

/// Which records become one, and what of them it has.
public struct GroupPlan: Sendable {
  /// What they have in common: a string or a number, the key of the record that they become.
  public let value: CompiledExpression
  /// The field that the value is in that record.
  public let field: String
  /// What orders them; nil leaves them in the order of the source.
  public let order: CompiledExpression?
  /// At most so many; nil takes all.
  public let limit: Int?
}
