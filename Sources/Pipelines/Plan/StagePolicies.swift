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
