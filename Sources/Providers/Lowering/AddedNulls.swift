public import Records

/// The places in an answer where null stands only because the lowering allowed it: a property the
/// user's schema lets an answer leave out.
///
/// Such a null is taken away before the answer is checked.
public struct AddedNulls: Hashable, Sendable {
  /// The properties of an object that may be such nulls.
  var names: Set<[UInt8]> = []
  /// What lies below, by property.
  var properties: [[UInt8]: AddedNulls] = [:]
  /// What lies below the elements of a list.
  var elements: [AddedNulls] = []

  init() {}

  /// Whether there is no such place: nearly always.
  public var isEmpty: Bool { names.isEmpty && properties.isEmpty && elements.isEmpty }

  /// Whether an answer has such a null.
  public func occur(in answer: JSONView) -> Bool {
    switch answer.kind {
    case .object:
      return answer.members.contains { member in
        if member.value.isNull { return names.contains(Self.name(member.key)) }
        return member.value.count > 0 && !properties.isEmpty
          && properties[Self.name(member.key)]?.occur(in: member.value) == true
      }
    case .array:
      guard let below = elements.first else { return false }
      return answer.elements.contains { below.occur(in: $0) }
    default: return false
    }
  }

  /// Builds a copy of an answer without these nulls at the end of what is being built on a tape.
  public func buildWithout(_ answer: JSONView, on tape: inout JSONTape) {
    switch answer.kind {
    case .object:
      tape.beginObject()
      for member in answer.members {
        let name = Self.name(member.key)
        if member.value.isNull && names.contains(name) { continue }
        name.withUnsafeBufferPointer { bytes in
          let range = tape.appendBytes(bytes)
          tape.buildKey(at: range)
        }
        if let below = properties[name] {
          below.buildWithout(member.value, on: &tape)
        } else {
          tape.build(member.value)
        }
      }
      tape.end()
    case .array:
      tape.beginArray()
      for element in answer.elements {
        if let below = elements.first {
          below.buildWithout(element, on: &tape)
        } else {
          tape.build(element)
        }
      }
      tape.end()
    default: tape.build(answer)
    }
  }

  private static func name(_ key: JSONView) -> [UInt8] { Array(key.text.utf8) }
}
