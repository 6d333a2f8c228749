internal import Records

/// Applying a program to a value. Each step says whether the value fits; while violations are
/// collected it also notes them, and goes on.
extension SchemaProgram {
  /// More schemas inside each other than this are taken for a loop: 512 levels of a value, several
  /// schemas at each.
  static let depthLimit = 4000

  /// Whether a value fits a node.
  ///
  /// From `marks` on, `scratch.marks` has a byte for each member or element of `value`, set when a
  /// keyword looked at it; -1 when nobody asks.
  func check(
    _ index: Int32, _ value: JSONView, marks: Int, _ scratch: inout SchemaScratch
  ) -> Bool {
    let node = nodes[Int(index)]
    if node.first == node.end { return true }
    if node.tracksEvaluation || usesDynamicScope {
      return checkInScope(node, value, marks: marks, &scratch)
    }
    return run(node, value, marks: marks, &scratch)
  }

  private func checkInScope(
    _ node: Node, _ value: JSONView, marks: Int, _ scratch: inout SchemaScratch
  ) -> Bool {
    let entersResource = usesDynamicScope && scratch.scopes.last != node.resource
    if entersResource { scratch.scopes.append(node.resource) }
    defer { if entersResource { scratch.scopes.removeLast() } }
    guard node.tracksEvaluation, value.count > 0 else {
      return run(node, value, marks: marks, &scratch)
    }
    let own = beginMarks(for: value, &scratch)
    let isValid = run(node, value, marks: own, &scratch)
    endMarks(own, addingTo: isValid ? marks : -1, &scratch)
    return isValid
  }

  private func run(
    _ node: Node, _ value: JSONView, marks: Int, _ scratch: inout SchemaScratch
  ) -> Bool {
    guard scratch.depth < Self.depthLimit else {
      return fail(Int(node.first), .depth, value, &scratch)
    }
    scratch.depth += 1
    defer { scratch.depth -= 1 }
    var isValid = true
    for step in Int(node.first)..<Int(node.end) {
      if perform(step, value, marks: marks, &scratch) { continue }
      isValid = false
      if !scratch.isCollecting { return false }
    }
    return isValid
  }

  private func perform(
    _ step: Int, _ value: JSONView, marks: Int, _ scratch: inout SchemaScratch
  ) -> Bool {
    switch instructions[step] {
    case .kinds(let kinds): kinds.contains(value) || fail(step, value, &scratch)
    case .members(let plan): checkMembers(step, plan, value, marks: marks, &scratch)
    case .elements(let prefix, let rest):
      checkElements(prefix, rest, value, marks: marks, &scratch)
    case .reference(let node): check(node, value, marks: marks, &scratch)
    case .dynamicReference(let index):
      check(dynamicTarget(index, scratch.scopes), value, marks: marks, &scratch)
    case .allOf, .anyOf, .oneOf, .not, .conditional, .dependentSchema:
      combine(step, value, marks: marks, &scratch)
    case .contains(let node, let minimum, let maximum):
      checkContains(
        step, node, minimum: minimum, maximum: maximum, value, marks: marks, &scratch)
    case .unevaluatedProperties(let node):
      value.kind != .object || checkLeftMembers(node, value, marks: marks, &scratch)
    case .unevaluatedItems(let node):
      value.kind != .array || checkLeftElements(node, value, marks: marks, &scratch)
    case .propertyNames(let node): checkNames(node, value, &scratch)
    default: holds(step, value, &scratch) || fail(step, value, &scratch)
    }
  }

  /// The node that a dynamic reference leads to: the outermost resource entered that has the anchor
  /// decides.
  private func dynamicTarget(_ index: Int32, _ scopes: [Int32]) -> Int32 {
    let reference = dynamicReferences[Int(index)]
    for scope in scopes {
      if let candidate = reference.candidates.first(where: { $0.resource == scope }) {
        return candidate.node
      }
    }
    return reference.initial
  }

  // MARK: Marks

  func beginMarks(for value: JSONView, _ scratch: inout SchemaScratch) -> Int {
    let start = scratch.marks.count
    for _ in 0..<value.count { scratch.marks.append(0) }
    return start
  }

  /// Ends marks; what they say is added to those of the same value that begin at `outer`.
  func endMarks(_ start: Int, addingTo outer: Int, _ scratch: inout SchemaScratch) {
    let count = scratch.marks.count - start
    if outer >= 0 {
      for offset in 0..<count { scratch.marks[outer + offset] |= scratch.marks[start + offset] }
    }
    scratch.marks.removeLast(count)
  }
}
