internal import Records

/// A value that `const` or `enum` compares with: numbers by their text, strings and keys as bytes.
indirect enum Constant: Sendable {
  case null
  case bool(Bool)
  case number([UInt8])
  case string([UInt8])
  case array([Constant])
  case object([(key: [UInt8], value: Constant)])

  init(_ value: JSONValue) {
    switch value {
    case .null: self = .null
    case .bool(let value): self = .bool(value)
    case .number(let text): self = .number(Array(text.utf8))
    case .string(let text): self = .string(Array(text.utf8))
    case .array(let elements): self = .array(elements.map(Constant.init))
    case .object(let members):
      self = .object(members.map { (Array($0.key.utf8), Constant($0.value)) })
    }
  }

  /// Whether a value means the same: `1` is `1.0`, the order of members does not count, of a
  /// repeated key the last does.
  func equals(_ view: JSONView) -> Bool {
    switch (self, view.kind) {
    case (.null, .null), (.bool(true), .true), (.bool(false), .false): true
    case (.number(let text), .number):
      text.withUnsafeBufferPointer {
        ExactNumber.compare(ExactNumber($0), ExactNumber(view.rawBytes)) == 0
      }
    case (.string(let text), .string): text.withUnsafeBufferPointer { view.hasText($0) }
    case (.array(let elements), .array):
      elements.count == view.count && zip(elements, view.elements).allSatisfy { $0.equals($1) }
    case (.object(let members), .object):
      members.count == JSONEquality.distinctMemberCount(of: view)
        && members.allSatisfy { member in
          member.key.withUnsafeBufferPointer { view[utf8: $0] }.map(member.value.equals) ?? false
        }
    default: false
    }
  }
}
