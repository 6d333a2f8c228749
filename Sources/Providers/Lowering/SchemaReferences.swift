internal import Records

/// Finds what a schema's references name.
struct SchemaReferences {
  let root: JSONValue

  /// What a reference `#/…` names, with its pointer; nil when nothing is there.
  func target(of reference: String) -> (schema: JSONValue, pointer: String)? {
    guard reference.hasPrefix("#") else { return nil }
    let pointer = Self.withoutPercents(String(reference.dropFirst()))
    guard pointer.isEmpty || pointer.hasPrefix("/") else { return nil }
    var value = root
    for part in pointer.split(separator: "/", omittingEmptySubsequences: false).dropFirst() {
      let name = part.replacing("~1", with: "/").replacing("~0", with: "~")
      if let elements = value.array {
        guard let position = Int(name), elements.indices.contains(position) else { return nil }
        value = elements[position]
      } else {
        guard let member = value[String(name)] else { return nil }
        value = member
      }
    }
    return (value, pointer)
  }

  /// The name when a pointer is `/$defs/name` or `/definitions/name` and stands for exactly one definition.
  func definitionName(_ pointer: String) -> String? {
    let parts = pointer.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
    guard parts.count == 2, let table = parts.first, let name = parts.last else { return nil }
    guard table == "$defs" || table == "definitions" else { return nil }
    let plain = String(name)
    guard !plain.contains("~") else { return nil }
    let other = table == "$defs" ? "definitions" : "$defs"
    return root[other]?[plain] == nil ? plain : nil
  }

  /// The pointers of schemas whose references lead back to themselves, directly or not; empty when there are none.
  func cycles() -> [String] {
    var found: [String] = []
    var finished: Set<String> = []
    var active: [String] = []
    func visit(_ schema: JSONValue, _ pointer: String) {
      if active.contains(pointer) {
        if !found.contains(pointer) { found.append(pointer) }
        return
      }
      guard finished.insert(pointer).inserted else { return }
      active.append(pointer)
      for reference in Self.references(in: schema) {
        if let (schema, pointer) = target(of: reference) { visit(schema, pointer) }
      }
      active.removeLast()
    }
    visit(root, "")
    return found
  }

  /// The references in a schema and all that is in it, except in data.
  private static func references(in schema: JSONValue) -> [String] {
    if let elements = schema.array { return elements.flatMap(references) }
    return (schema.members ?? []).flatMap { member -> [String] in
      switch member.key {
      case "$ref": [member.value.string].compactMap(\.self)
      case "enum", "const", "default", "examples": []
      case "properties", "$defs", "definitions", "patternProperties", "dependentSchemas":
        (member.value.members ?? []).flatMap { references(in: $0.value) }
      default: references(in: member.value)
      }
    }
  }

  private static func withoutPercents(_ text: String) -> String {
    var bytes: [UInt8] = []
    var rest = text.utf8[...]
    while let byte = rest.popFirst() {
      let digits = String(rest.prefix(2)) ?? ""
      if byte == 0x25, digits.utf8.count == 2, let value = UInt8(digits, radix: 16) {
        bytes.append(value)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
