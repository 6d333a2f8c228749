internal import Records

/// Keywords that apply schemas to the elements of an array.
extension SchemaProgram {
  /// `prefixItems` and `items`.
  func checkElements(
    _ prefix: IndexList, _ rest: Int32, _ value: JSONView, marks: Int,
    _ scratch: inout SchemaScratch
  ) -> Bool {
    guard value.kind == .array else { return true }
    var isValid = true
    var ordinal = 0
    for element in value.elements {
      let isInPrefix = ordinal < Int(prefix.count)
      if !isInPrefix, rest < 0 { break }
      let node = isInPrefix ? lists[Int(prefix.start) + ordinal] : rest
      if !check(node, element, at: ordinal, &scratch) {
        isValid = false
        if !scratch.isCollecting { return false }
      }
      if marks >= 0 { scratch.marks[marks + ordinal] = 1 }
      ordinal += 1
    }
    return isValid
  }

  /// Applies a node to an element.
  private func check(
    _ node: Int32, _ element: JSONView, at ordinal: Int, _ scratch: inout SchemaScratch
  ) -> Bool {
    guard scratch.isCollecting else { return check(node, element, marks: -1, &scratch) }
    scratch.path.append(.element(ordinal))
    defer { scratch.path.removeLast() }
    return check(node, element, marks: -1, &scratch)
  }

  /// `contains` with `minContains` and `maxContains`.
  func checkContains(
    _ step: Int, _ node: Int32, minimum: Int, maximum: Int, _ value: JSONView, marks: Int,
    _ scratch: inout SchemaScratch
  ) -> Bool {
    guard value.kind == .array else { return true }
    var count = 0
    var ordinal = 0
    scratch.hush()
    for element in value.elements {
      if check(node, element, marks: -1, &scratch) {
        count += 1
        if marks >= 0 { scratch.marks[marks + ordinal] = 1 }
        if marks < 0, count > maximum || (count >= minimum && maximum == .max) { break }
      }
      ordinal += 1
    }
    scratch.speak()
    return (count >= minimum && count <= maximum)
      || fail(step, count < minimum ? .tooFewMatches : .tooManyMatches, value, &scratch)
  }

  /// `unevaluatedItems`: the node applied to each element that no keyword has looked at.
  func checkLeftElements(
    _ node: Int32, _ value: JSONView, marks: Int, _ scratch: inout SchemaScratch
  ) -> Bool {
    guard value.count > 0 else { return true }
    var isValid = true
    var ordinal = -1
    for element in value.elements {
      ordinal += 1
      if scratch.marks[marks + ordinal] != 0 { continue }
      scratch.marks[marks + ordinal] = 1
      if check(node, element, at: ordinal, &scratch) { continue }
      isValid = false
      if !scratch.isCollecting { return false }
    }
    return isValid
  }
}
