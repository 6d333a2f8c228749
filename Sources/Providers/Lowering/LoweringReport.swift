public import Records

/// An answer schema in the form a provider accepts, and what that form leaves out.
public struct LoweringReport: Hashable, Sendable {
  /// A keyword that is not sent as such.
  public struct Moved: Hashable, Sendable {
    /// The place, as a JSON pointer into the schema as the user wrote it; empty for its root.
    public let path: String
    /// The keyword.
    public let keyword: String
    /// Whether the model is told about it in a description.
    public let isDescribed: Bool
  }

  /// What is sent.
  public var schema: JSONValue
  /// The keywords that are not sent as such; the answer is checked against them all the same.
  public var moved: [Moved]
  /// The nulls to take out of an answer before it is checked.
  public var addedNulls: AddedNulls
  /// Why the provider would not take it; empty when it does.
  public var problems: [LoweringProblem]
}
