/// A `$dynamicRef` whose target the resources entered so far may override.
struct DynamicReference: Sendable {
  /// A resource with the same dynamic anchor, and the node there.
  struct Candidate: Sendable {
    var resource: Int32
    var node: Int32
  }

  /// The node that an ordinary reference would lead to.
  var initial: Int32
  var candidates: [Candidate]
}
