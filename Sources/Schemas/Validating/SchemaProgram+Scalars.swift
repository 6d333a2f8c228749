internal import Records

/// Keywords that need nothing but the value itself.
extension SchemaProgram {
  /// Whether one such keyword holds.
  func holds(_ step: Int, _ value: JSONView, _ scratch: inout SchemaScratch) -> Bool {
    switch instructions[step] {
    case .never: false
    case .constant(let index): constants[Int(index)].equals(value)
    case .enumeration(let strings, let others): isListed(value, strings, others, &scratch)
    case .minimum(let bound): value.kind != .number || compare(value, bound) >= 0
    case .maximum(let bound): value.kind != .number || compare(value, bound) <= 0
    case .exclusiveMinimum(let bound): value.kind != .number || compare(value, bound) > 0
    case .exclusiveMaximum(let bound): value.kind != .number || compare(value, bound) < 0
    case .multipleOf(let divisor):
      value.kind != .number || divisor.divides(ExactNumber(value.rawBytes))
    case .minLength(let count): value.kind != .string || CodePoints.areAtLeast(count, in: value)
    case .maxLength(let count): value.kind != .string || CodePoints.areAtMost(count, in: value)
    case .pattern(let index):
      value.kind != .string || matches(index, value, &scratch)
    case .format(let format):
      value.kind != .string || format.accepts(text(of: value, &scratch))
    case .content(let rule):
      value.kind != .string || rule.accepts(text(of: value, &scratch))
    case .minProperties(let count):
      value.kind != .object || JSONEquality.distinctMemberCount(of: value) >= count
    case .maxProperties(let count):
      value.kind != .object || JSONEquality.distinctMemberCount(of: value) <= count
    case .required(let names):
      value.kind != .object || firstMissing(of: names, in: value) == nil
    case .dependentRequired(let name, let names):
      value.kind != .object || member(name, of: value) == nil
        || firstMissing(of: names, in: value) == nil
    case .minItems(let count): value.kind != .array || value.count >= count
    case .maxItems(let count): value.kind != .array || value.count <= count
    case .uniqueItems: value.kind != .array || isWithoutRepetition(value)
    default: preconditionFailure("this instruction applies schemas")
    }
  }

  private func compare(_ value: JSONView, _ bound: PoolRange) -> Int {
    pool.withUnsafeBufferPointer { pool in
      let text = UnsafeBufferPointer(
        rebasing: pool[Int(bound.start)..<Int(bound.start + bound.count)])
      return ExactNumber.compare(ExactNumber(value.rawBytes), ExactNumber(text))
    }
  }

  private func isListed(
    _ value: JSONView, _ strings: Int32, _ others: IndexList, _ scratch: inout SchemaScratch
  ) -> Bool {
    if value.kind == .string {
      return strings >= 0 && find(text(of: value, &scratch), in: tables[Int(strings)]) >= 0
    }
    for index in others.start..<(others.start + others.count)
    where constants[Int(index)].equals(value) { return true }
    return false
  }

  private func isWithoutRepetition(_ array: JSONView) -> Bool {
    array.count <= 8
      ? JSONEquality.allDiffer(inShort: array) : JSONEquality.firstRepetition(in: array) == nil
  }

  /// The decoded text of a string; valid until the next call.
  func text(
    of value: JSONView, _ scratch: inout SchemaScratch
  ) -> UnsafeBufferPointer<UInt8> {
    guard value.node.flags.contains(.needsDecoding) else { return value.rawBytes }
    scratch.text.removeAll()
    value.appendText(to: &scratch.text)
    return scratch.text.bytes
  }

  func matches(_ pattern: Int32, _ value: JSONView, _ scratch: inout SchemaScratch) -> Bool {
    let text = text(of: value, &scratch)
    return patterns[Int(pattern)].matches(text, using: &scratch.patterns)
  }

  /// The value of a member whose name is in the pool; of a repeated key the last.
  func member(_ name: PoolRange, of object: JSONView) -> JSONView? {
    pool.withUnsafeBufferPointer { pool in
      object[
        utf8: UnsafeBufferPointer(
          rebasing: pool[Int(name.start)..<Int(name.start + name.count)])]
    }
  }

  /// The first of some names that an object has not.
  func firstMissing(of list: IndexList, in object: JSONView) -> PoolRange? {
    for index in list.start..<(list.start + list.count) {
      let name = names[Int(lists[Int(index)])]
      if member(name, of: object) == nil { return name }
    }
    return nil
  }
}
