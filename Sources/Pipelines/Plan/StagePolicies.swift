/// What happens when two records have one key.
public enum DuplicatePolicy: String, Sendable, CaseIterable {
  /// The run stops before anything is sent.
  case error
  /// The first record counts.
  case first
  /// The last record counts.
  case last
}

/// What happens to a record that the stage which is read rejected.
public enum UpstreamRejectionPolicy: String, Sendable, CaseIterable {
  /// It is skipped.
  case skip
  /// It is rejected here, too.
  case fail
  /// It is asked, with null as its answer.
  case null
}

/// What happens to records whose prompts are the same.
public enum IdenticalPolicy: String, Sendable, CaseIterable {
  /// They are asked once, and all get the answer.
  case together
  /// Each is asked: the key is part of the answer's identity.
  case separate
}

/// What is written for records without an accepted answer.
public enum MissingPolicy: String, Sendable, CaseIterable {
  /// Null in the fields that are set.
  case null
  /// Nothing: the record is left out.
  case skip
  /// The merge is refused.
  case error
}

/// What is written for records that `where` left out.
public enum FilteredPolicy: String, Sendable, CaseIterable {
  /// The record, unchanged.
  case keep
  /// Nothing.
  case drop
}

/// Whether answers that were accepted count after a change of how they are asked for.
public struct ReusePlan: Hashable, Sendable {
  /// What a change means for an answer.
  public enum Policy: String, Sendable, CaseIterable {
    /// It is asked for again.
    case ask
    /// It counts.
    case keep
    /// It counts if it is what the schema asks now; else it is asked for again.
    case revalidate
  }

  /// After a change of a template, or of a variable in it.
  public let template: Policy
  /// After a change of the model.
  public let model: Policy
  /// After a change of the answer schema.
  public let schema: Policy
  /// After a change of `max_tokens` or of another parameter.
  public let parameters: Policy
}
