internal import Records

/// JSON as people read it: two spaces a level, short lists on one line.
enum IndentedJSON {
  /// The text of a value, without a newline at its end.
  static func text(_ value: JSONValue, indentation: String = "") -> String {
    let inner = indentation + "  "
    switch value {
    case .object(let members) where !members.isEmpty:
      let lines = members.map { member in
        let key = JSONValue.string(member.key).compact
        return "\(inner)\(key): \(text(member.value, indentation: inner))"
      }
      return "{\n\(lines.joined(separator: ",\n"))\n\(indentation)}"
    case .array(let elements) where elements.contains { $0.members != nil }:
      let lines = elements.map { inner + text($0, indentation: inner) }
      return "[\n\(lines.joined(separator: ",\n"))\n\(indentation)]"
    case .array(let elements):
      return "[\(elements.map(\.compact).joined(separator: ", "))]"
    default: return value.compact
    }
  }
}
