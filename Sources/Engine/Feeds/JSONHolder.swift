internal import Records

/// A value on a tape of its own.
final class JSONHolder {
  private var tape = JSONTape()

  init(_ value: JSONValue) {
    tape.beginBuilding()
    tape.build(value)
  }

  /// The value; valid as long as its holder.
  var view: JSONView { tape.built }
}

extension JSONTape {
  /// Builds an owned value.
  mutating func build(_ value: JSONValue) {
    switch value {
    case .null: buildNull()
    case .bool(let value): buildBool(value)
    case .number(var digits): digits.withUTF8 { buildNumber($0) }
    case .string(var text): text.withUTF8 { buildString($0) }
    case .array(let elements):
      beginArray()
      for element in elements { build(element) }
      end()
    case .object(let members):
      beginObject()
      for member in members {
        buildKey(member.key)
        build(member.value)
      }
      end()
    }
  }
}
