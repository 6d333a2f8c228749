internal import Records

/// Equality of JSON values by meaning: numbers by value, strings by code points, objects whatever
/// their order; of a repeated key the last value counts.
enum JSONEquality {
  static func areEqual(_ left: JSONView, _ right: JSONView) -> Bool {
    guard left.kind == right.kind else { return false }
    switch left.kind {
    case .null, .true, .false: return true
    case .number:
      return ExactNumber.compare(ExactNumber(left.rawBytes), ExactNumber(right.rawBytes)) == 0
    case .string: return left.hasSameText(as: right)
    case .array:
      guard left.count == right.count else { return false }
      return zip(left.elements, right.elements).allSatisfy { areEqual($0, $1) }
    case .object:
      guard distinctMemberCount(of: left) == distinctMemberCount(of: right) else { return false }
      let shadowed = shadowedMembers(of: left)
      for (ordinal, member) in left.members.enumerated() {
        if !shadowed.isEmpty, shadowed[ordinal] { continue }
        guard let other = value(of: member.key, in: right), areEqual(member.value, other) else {
          return false
        }
      }
      return true
    }
  }

  private static func value(of key: JSONView, in object: JSONView) -> JSONView? {
    guard key.node.flags.contains(.needsDecoding) else { return object[utf8: key.rawBytes] }
    var decoded = ByteBuffer(capacity: key.rawBytes.count)
    key.appendText(to: &decoded)
    return object[utf8: decoded.bytes]
  }

  /// The number of members, a repeated key counted once.
  static func distinctMemberCount(of object: JSONView) -> Int {
    object.count - shadowedMembers(of: object).count { $0 }
  }

  /// For each member whether a later one has the same key; empty when no key is repeated.
  static func shadowedMembers(of object: JSONView) -> [Bool] {
    guard object.kind == .object, object.node.flags.contains(.duplicateKeys) else { return [] }
    let keys = object.members.map(\.key)
    var shadowed = [Bool](repeating: false, count: keys.count)
    let order = keys.indices.map { (hash: hash(keys[$0]), ordinal: $0) }.sorted { $0 < $1 }
    for (position, entry) in order.enumerated() {
      for later in order[(position + 1)...] {
        guard later.hash == entry.hash else { break }
        if keys[entry.ordinal].hasSameText(as: keys[later.ordinal]) {
          shadowed[entry.ordinal] = true
          break
        }
      }
    }
    return shadowed
  }

  /// A hash that equal values share.
  static func hash(_ value: JSONView) -> UInt64 {
    switch value.kind {
    case .null: return 1
    case .true: return 2
    case .false: return 3
    case .number: return hash(ExactNumber(value.rawBytes))
    case .string: return hash(text: value)
    case .array:
      return value.elements.reduce(UInt64(5)) { ($0 &* 0x100_0000_01B3) ^ hash($1) }
    case .object:
      let shadowed = shadowedMembers(of: value)
      var sum: UInt64 = 7
      for (ordinal, member) in value.members.enumerated() {
        if !shadowed.isEmpty, shadowed[ordinal] { continue }
        sum &+= (hash(text: member.key) ^ 0x9E37_79B9_7F4A_7C15) &* (hash(member.value) | 1)
      }
      return sum
    }
  }

  private static func hash(_ number: ExactNumber) -> UInt64 {
    guard !number.isZero else { return 11 }
    let start = UInt64(bitPattern: Int64(number.magnitude)) &+ (number.isNegative ? 13 : 17)
    return number.significantDigits.reduce(start) { ($0 &* 0x100_0000_01B3) ^ UInt64($1) }
  }

  private static func hash(text value: JSONView) -> UInt64 {
    guard value.node.flags.contains(.needsDecoding) else {
      return ContentHash.short(of: value.rawBytes)
    }
    var decoded = ByteBuffer(capacity: value.rawBytes.count)
    value.appendText(to: &decoded)
    return ContentHash.short(of: decoded.bytes)
  }

  /// The positions of two equal elements; nil when all differ.
  ///
  /// Linear in the array's text, apart from sorting hashes.
  static func firstRepetition(in array: JSONView) -> (Int, Int)? {
    guard array.count > 1 else { return nil }
    let elements = Array(array.elements)
    let order = elements.indices.map { (hash: hash(elements[$0]), ordinal: $0) }.sorted { $0 < $1 }
    for (position, entry) in order.enumerated() {
      for later in order[(position + 1)...] {
        guard later.hash == entry.hash else { break }
        if areEqual(elements[entry.ordinal], elements[later.ordinal]) {
          return (entry.ordinal, later.ordinal)
        }
      }
    }
    return nil
  }

  /// Whether the elements of a short array all differ, found without allocating.
  static func allDiffer(inShort array: JSONView) -> Bool {
    var left = array.elements
    while let element = left.next() {
      var right = left
      while let other = right.next() {
        if areEqual(element, other) { return false }
      }
    }
    return true
  }
}
