internal import Records

/// Noting violations. Everything here returns false, so that a check can end with `|| fail(…)`; it
/// does nothing unless violations are collected.
extension SchemaProgram {
  /// Why a keyword that can fail in more than one way failed.
  enum Cause {
    case plain, depth, tooFewMatches, tooManyMatches
  }

  @inline(__always)
  func fail(_ step: Int, _ value: JSONView, _ scratch: inout SchemaScratch) -> Bool {
    if scratch.isCollecting { note(step, .plain, value, &scratch) }
    return false
  }

  @inline(__always)
  func fail(
    _ step: Int, _ cause: Cause, _ value: JSONView, _ scratch: inout SchemaScratch
  ) -> Bool {
    if scratch.isCollecting { note(step, cause, value, &scratch) }
    return false
  }

  @inline(never)
  private func note(
    _ step: Int, _ cause: Cause, _ value: JSONView, _ scratch: inout SchemaScratch
  ) {
    let place = places[step]
    note(
      place, Sentences(program: self).phrase(step, cause, value), &scratch)
  }

  private func note(_ place: String, _ phrase: String, _ scratch: inout SchemaScratch) {
    let path = scratch.instancePath
    scratch.note(
      SchemaViolation(
        instancePath: path, schemaPath: place, keyword: keyword(at: place),
        sentence: "\(path.isEmpty ? "the value" : path) \(phrase)"))
  }

  private func keyword(at place: String) -> String {
    let tail = place.utf8.split(separator: 0x2F).last.map { String(Substring($0)) } ?? "#"
    return Keyword(name: tail) == nil ? "false" : tail
  }

  /// Notes every required member that is missing.
  @inline(never)
  func failRequired(
    _ step: Int, _ plan: MemberPlan, missing: UInt64, _ value: JSONView,
    _ scratch: inout SchemaScratch
  ) -> Bool {
    guard scratch.isCollecting else { return false }
    let place = sibling("required", of: places[step])
    for number in 0..<Int(plan.names.count) {
      let entry = entries[Int(plan.entries) + number]
      guard entry.requiredBit & missing != 0 else { continue }
      note(place, "lacks the property \(Sentences.quoted(text(entry.name)))", &scratch)
    }
    return false
  }

  private func sibling(_ keyword: String, of place: String) -> String {
    guard let slash = place.utf8.lastIndex(of: 0x2F) else { return place }
    return place[..<slash] + "/" + keyword
  }

  /// Notes that no alternative fits.
  ///
  /// When only one of them is meant for values of this kind, what that one misses says more than
  /// the fact itself.
  @inline(never)
  func failAlternatives(
    _ step: Int, _ list: IndexList, _ value: JSONView, _ scratch: inout SchemaScratch
  ) -> Bool {
    guard scratch.isCollecting else { return false }
    let fitting = nodes(in: list).filter { acceptsKind(of: value, $0) }
    if fitting.count == 1 {
      let before = scratch.violations.count
      _ = check(fitting[0], value, marks: -1, &scratch)
      if scratch.violations.count > before { return false }
    }
    return fail(step, value, &scratch)
  }

  /// Whether a node's own `type`, `const` or `enum`, if it has them, allow the kind of a value.
  private func acceptsKind(of value: JSONView, _ node: Int32) -> Bool {
    instructions(of: node).allSatisfy { instruction in
      switch instruction {
      case .kinds(let kinds): kinds.contains(value)
      case .reference(let target): acceptsKind(of: value, target)
      case .constant(let index): constants[Int(index)].equals(value)
      case .never: false
      default: true
      }
    }
  }
}
