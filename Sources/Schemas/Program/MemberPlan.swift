/// What `properties`, `patternProperties`, `additionalProperties` and `required` of one schema ask
/// of an object: one walk over its members decides them all.
struct MemberPlan: Sendable {
  /// What is asked of a member with a certain name.
  struct Entry: Sendable {
    var name: PoolRange
    /// The node for the value; -1 when the name is only required.
    var node: Int32
    /// The bit of a required name; 0 when the member may be absent.
    var requiredBit: UInt64
  }

  /// What is asked of members whose name matches a pattern.
  struct Pattern: Sendable {
    var pattern: Int32
    var node: Int32
  }

  /// The names that `properties` and `required` mention; an entry's number is its place in the
  /// program's entries, counted from `entries`.
  var names: NameTable
  /// The first of the plan's entries.
  var entries: Int32
  /// The plan's patterns, in the program's member patterns.
  var patterns: IndexList
  /// The node for members that no name and no pattern fits; -1 when there is no
  /// `additionalProperties`.
  var additional: Int32
  /// The bits of all required names.
  var required: UInt64
}
