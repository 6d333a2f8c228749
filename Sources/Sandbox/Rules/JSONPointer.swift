internal import Records

/// Follows a reference inside a schema.
enum JSONPointer {
  /// The value that a `#/…` reference names; nil when there is none.
  static func value(at reference: String, in root: JSONValue) -> JSONValue? {
    var value = root
    for part in reference.dropFirst().split(separator: "/") {
      let name = unescaped(part)
      guard let child = value[name] ?? Int(name).flatMap({ value.array?[at: $0] }) else {
        return nil
      }
      value = child
    }
    return value
  }

  private static func unescaped(_ part: Substring) -> String {
    String(part.split(separator: "~1", omittingEmptySubsequences: false).joined(separator: "/"))
      .split(separator: "~0", omittingEmptySubsequences: false).joined(separator: "~")
  }
}

extension Array {
  /// The element at a position, nil outside.
  subscript(at position: Int) -> Element? { indices.contains(position) ? self[position] : nil }
}
