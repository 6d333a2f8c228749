internal import Records

/// Keywords that apply schemas to the same value again.
extension SchemaProgram {
  func combine(
    _ step: Int, _ value: JSONView, marks: Int, _ scratch: inout SchemaScratch
  ) -> Bool {
    switch instructions[step] {
    case .allOf(let list): checkAll(list, value, marks: marks, &scratch)
    case .anyOf(let list): checkAny(step, list, value, marks: marks, &scratch)
    case .oneOf(let list): checkOne(step, list, value, marks: marks, &scratch)
    case .not(let node): !isFine(node, value, marks: -1, &scratch) || fail(step, value, &scratch)
    case .conditional(let test, let then, let otherwise):
      checkConditional(test, then, otherwise, value, marks: marks, &scratch)
    case .dependentSchema(let name, let node):
      value.kind != .object || member(name, of: value) == nil
        || check(node, value, marks: marks, &scratch)
    default: preconditionFailure("this instruction does not apply schemas to the same value")
    }
  }

  /// Whether a branch fits; what it looked at counts only if it does.
  ///
  /// Notes nothing.
  private func isFine(
    _ node: Int32, _ value: JSONView, marks: Int, _ scratch: inout SchemaScratch
  ) -> Bool {
    scratch.hush()
    defer { scratch.speak() }
    guard marks >= 0, value.count > 0 else { return check(node, value, marks: -1, &scratch) }
    let own = beginMarks(for: value, &scratch)
    let isValid = check(node, value, marks: own, &scratch)
    endMarks(own, addingTo: isValid ? marks : -1, &scratch)
    return isValid
  }

  private func checkAll(
    _ list: IndexList, _ value: JSONView, marks: Int, _ scratch: inout SchemaScratch
  ) -> Bool {
    var isValid = true
    for index in list.start..<(list.start + list.count) {
      if check(lists[Int(index)], value, marks: marks, &scratch) { continue }
      isValid = false
      if !scratch.isCollecting { return false }
    }
    return isValid
  }

  private func checkAny(
    _ step: Int, _ list: IndexList, _ value: JSONView, marks: Int, _ scratch: inout SchemaScratch
  ) -> Bool {
    var isValid = false
    for index in list.start..<(list.start + list.count) {
      guard isFine(lists[Int(index)], value, marks: marks, &scratch) else { continue }
      isValid = true
      // Who must know what was looked at needs every branch; everybody else the first that fits.
      if marks < 0 { break }
    }
    return isValid || failAlternatives(step, list, value, &scratch)
  }

  private func checkOne(
    _ step: Int, _ list: IndexList, _ value: JSONView, marks: Int, _ scratch: inout SchemaScratch
  ) -> Bool {
    var count = 0
    for index in list.start..<(list.start + list.count) {
      guard isFine(lists[Int(index)], value, marks: marks, &scratch) else { continue }
      count += 1
      if count > 1 { return fail(step, .tooManyMatches, value, &scratch) }
    }
    return count == 1 || failAlternatives(step, list, value, &scratch)
  }

  private func checkConditional(
    _ test: Int32, _ then: Int32, _ otherwise: Int32, _ value: JSONView, marks: Int,
    _ scratch: inout SchemaScratch
  ) -> Bool {
    let next = isFine(test, value, marks: marks, &scratch) ? then : otherwise
    return next < 0 || check(next, value, marks: marks, &scratch)
  }
}
