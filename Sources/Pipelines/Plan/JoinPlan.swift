public import Templates

/// How each record gets one of another stage or dataset.
public struct JoinPlan: Sendable {
  /// What records are looked up in.
  public enum Side: Sendable {
    /// The records of a stage, with its output.
    case stage(String)
    /// The records of a dataset.
    case dataset(SourcePlan)
  }

  /// What records are looked up in.
  public let with: Side
  /// What they are found by; nil for the key that they have in their stage.
  public let key: CompiledExpression?
  /// What gives that of the record which belongs to one.
  public let on: CompiledExpression
  /// What happens to a record that none belongs to.
  public let unmatched: UnmatchedPolicy

  /// The stage that records are looked up in; nil for a dataset.
  public var stage: String? { if case .stage(let name) = with { name } else { nil } }
}

/// What happens to a record that none of the other side belongs to.
public enum UnmatchedPolicy: String, Sendable, CaseIterable {
  /// It is rejected.
  case fail
  /// It is skipped.
  case skip
  /// It goes on, with null.
  case null
}
