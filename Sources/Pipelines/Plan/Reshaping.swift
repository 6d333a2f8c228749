public import Templates

/// How the records that a stage reads become others, which it works on.
public enum Reshaping: Sendable {
  /// One record for each element of a list.
  case each(CompiledExpression)
  /// One record for each chunk of a text.
  case split(SplitPlan)
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

/// How a text is cut.
public struct SplitPlan: Sendable {
  /// What a size is a number of.
  public enum Measure: String, Sendable, CaseIterable {
    /// Unicode characters (scalar values).
    case characters
    /// Tokens, estimated by a fixed rule: a quarter of one for an ASCII character, a half for one of two bytes in UTF-8,
    /// one for three, two for four.
    case tokens
  }

  /// The text.
  public let text: CompiledExpression
  /// What `size` and `overlap` are numbers of.
  public let measure: Measure
  /// The most that a chunk has.
  public let size: Int
  /// The most that a chunk has of the one before it; at most half of `size`.
  public let overlap: Int

  /// Creates a plan.
  public init(_ text: CompiledExpression, _ measure: Measure, size: Int, overlap: Int) {
    self.text = text
    self.measure = measure
    self.size = size
    self.overlap = overlap
  }
}
