internal import Records

/// Keywords that apply schemas to the members of an object.
extension SchemaProgram {
  /// `properties`, `patternProperties`, `additionalProperties` and `required` in one walk.
  func checkMembers(
    _ step: Int, _ planIndex: Int32, _ value: JSONView, marks: Int, _ scratch: inout SchemaScratch
  ) -> Bool {
    guard value.kind == .object else { return true }
    let plan = plans[Int(planIndex)]
    let shadowed = JSONEquality.shadowedMembers(of: value)
    var isValid = true
    var seen: UInt64 = 0
    var guess = 0
    var ordinal = -1
    for member in value.members {
      ordinal += 1
      if !shadowed.isEmpty, shadowed[ordinal] { continue }
      var isKnown = false
      let number = find(text(of: member.key, &scratch), in: plan.names, guess: guess)
      if number >= 0 {
        guess = number + 1
        let entry = entries[Int(plan.entries) + number]
        seen |= entry.requiredBit
        if entry.node >= 0 {
          isKnown = true
          if !check(entry.node, member, &scratch) { isValid = false }
        }
      }
      if plan.patterns.count > 0, isValid || scratch.isCollecting,
        !checkPatterns(plan.patterns, member, &isKnown, &scratch)
      {
        isValid = false
      }
      if !isKnown, plan.additional >= 0 {
        isKnown = true
        if !check(plan.additional, member, &scratch) { isValid = false }
      }
      if isKnown, marks >= 0 { scratch.marks[marks + ordinal] = 1 }
      if !isValid, !scratch.isCollecting { return false }
    }
    if seen == plan.required { return isValid }
    return failRequired(step, plan, missing: plan.required & ~seen, value, &scratch)
  }

  private func checkPatterns(
    _ list: IndexList, _ member: (key: JSONView, value: JSONView), _ isKnown: inout Bool,
    _ scratch: inout SchemaScratch
  ) -> Bool {
    var isValid = true
    for index in list.start..<(list.start + list.count) {
      let entry = memberPatterns[Int(index)]
      guard matches(entry.pattern, member.key, &scratch) else { continue }
      isKnown = true
      if check(entry.node, member, &scratch) { continue }
      isValid = false
      if !scratch.isCollecting { return false }
    }
    return isValid
  }

  /// Applies a node to a member's value.
  func check(
    _ node: Int32, _ member: (key: JSONView, value: JSONView), _ scratch: inout SchemaScratch
  ) -> Bool {
    guard scratch.isCollecting else { return check(node, member.value, marks: -1, &scratch) }
    scratch.path.append(.member(member.key.text))
    defer { scratch.path.removeLast() }
    return check(node, member.value, marks: -1, &scratch)
  }

  /// `propertyNames`: the node applied to each key.
  func checkNames(_ node: Int32, _ value: JSONView, _ scratch: inout SchemaScratch) -> Bool {
    guard value.kind == .object else { return true }
    var isValid = true
    for member in value.members {
      let isFine: Bool
      if scratch.isCollecting {
        scratch.path.append(.member(member.key.text))
        isFine = check(node, member.key, marks: -1, &scratch)
        scratch.path.removeLast()
      } else {
        isFine = check(node, member.key, marks: -1, &scratch)
      }
      if isFine { continue }
      isValid = false
      if !scratch.isCollecting { return false }
    }
    return isValid
  }

  /// `unevaluatedProperties`: the node applied to each member that no keyword has looked at.
  func checkLeftMembers(
    _ node: Int32, _ value: JSONView, marks: Int, _ scratch: inout SchemaScratch
  ) -> Bool {
    guard value.count > 0 else { return true }
    let shadowed = JSONEquality.shadowedMembers(of: value)
    var isValid = true
    var ordinal = -1
    for member in value.members {
      ordinal += 1
      if scratch.marks[marks + ordinal] != 0 { continue }
      scratch.marks[marks + ordinal] = 1
      if !shadowed.isEmpty, shadowed[ordinal] { continue }
      if check(node, member, &scratch) { continue }
      isValid = false
      if !scratch.isCollecting { return false }
    }
    return isValid
  }
}
