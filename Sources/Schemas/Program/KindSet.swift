internal import Records

/// The values that `type` names; an integer is a number without fraction.
struct KindSet: OptionSet, Hashable, Sendable {
  let rawValue: UInt8

  init(rawValue: UInt8) { self.rawValue = rawValue }

  static let null = KindSet(rawValue: 1)
  static let boolean = KindSet(rawValue: 2)
  static let number = KindSet(rawValue: 4)
  static let integer = KindSet(rawValue: 8)
  static let string = KindSet(rawValue: 16)
  static let array = KindSet(rawValue: 32)
  static let object = KindSet(rawValue: 64)

  /// The names, in the order in which sentences list them.
  static let names: [(name: String, set: KindSet)] = [
    ("object", .object), ("array", .array), ("string", .string), ("number", .number),
    ("integer", .integer), ("boolean", .boolean), ("null", .null),
  ]

  /// The set that a type's name stands for; nil for another name.
  init?(name: String) {
    guard let entry = Self.names.first(where: { $0.name.utf8.elementsEqual(name.utf8) }) else {
      return nil
    }
    self = entry.set
  }

  /// Whether a value is of one of the kinds.
  @inline(__always) func contains(_ value: JSONView) -> Bool {
    switch value.kind {
    case .null: contains(.null)
    case .true, .false: contains(.boolean)
    case .string: contains(.string)
    case .array: contains(.array)
    case .object: contains(.object)
    case .number:
      contains(.number)
        || contains(.integer)
          && (value.node.flags.contains(.integer) || ExactNumber(value.rawBytes).isInteger)
    }
  }
}
