internal import Records

extension LoweringPass {
  /// Lowers `properties`, `required` and `additionalProperties` of a schema for objects.
  mutating func lowerObject(
    _ schema: JSONValue, at path: String, place: [AnswerStep]?, into draft: inout Draft
  ) {
    let properties = schema["properties"]?.members ?? []
    guard Self.describesObjects(schema) else { return }
    checkOpenness(schema, hasProperties: !properties.isEmpty, at: path)
    var required = (schema["required"]?.array ?? []).compactMap(\.string)
    for name in required where !properties.contains(where: { $0.key.utf8.elementsEqual(name.utf8) })
    {
      report(
        .impossible, "\(path)/required", "`\(name)` is required but not declared",
        "add it to `properties`")
    }
    var lowered: [JSONValue.Member] = []
    for property in properties {
      let below = place.map { $0 + [.property(Array(property.key.utf8))] }
      var value = lower(
        property.value, at: "\(path)/properties/\(Self.escaped(property.key))", place: below)
      if !required.contains(where: { $0.utf8.elementsEqual(property.key.utf8) }) {
        if surplus > 0, let below {
          surplus -= 1
          required.append(property.key)
          value = nullable(value, as: property.value, at: below)
        } else {
          optionalCount += 1
        }
      }
      if value["anyOf"] != nil || value["type"]?.array != nil { unionCount += 1 }
      lowered.append(JSONValue.Member(property.key, value))
    }
    draft.add("properties", .object(lowered))
    if !required.isEmpty { draft.add("required", .array(required.map { .string($0) })) }
    draft.add("additionalProperties", .bool(false))
  }

  /// Whether a schema is about objects: it says so, or it has properties and does not say otherwise.
  private static func describesObjects(_ schema: JSONValue) -> Bool {
    switch schema["type"] {
    case .string(let type): type == "object"
    case .array(let types): types.contains { $0.string == "object" }
    default: schema["properties"] != nil
    }
  }

  private mutating func checkOpenness(_ schema: JSONValue, hasProperties: Bool, at path: String) {
    let additional = schema["additionalProperties"]
    if additional?.bool == false { return }
    if !hasProperties {
      report(
        .openObject, path, "an object whose keys are free cannot be asked for",
        "declare its properties, or ask for a list of objects with a key and a value each")
    } else if additional?.members != nil {
      moved.append(
        LoweringReport.Moved(path: path, keyword: "additionalProperties", isDescribed: false))
    }
  }

  /// Lets a property that may be left out be null instead, unless it may be null anyway.
  private mutating func nullable(
    _ lowered: JSONValue, as written: JSONValue, at place: [AnswerStep]
  ) -> JSONValue {
    if allowsNull(written) { return lowered }
    addedNulls.insert(place[...])
    let null = JSONValue.object(["type": .string("null")])
    guard let members = lowered.members else { return lowered }
    if let choices = lowered["anyOf"]?.array {
      return .object(
        members.map { $0.key == "anyOf" ? JSONValue.Member("anyOf", .array(choices + [null])) : $0 }
      )
    }
    if lowered["enum"] == nil, lowered["const"] == nil, let type = lowered["type"] {
      let types = (type.array ?? [type]) + [.string("null")]
      return .object(
        members.map { $0.key == "type" ? JSONValue.Member("type", .array(types)) : $0 })
    }
    return .object(["anyOf": .array([lowered, null])])
  }

  /// Whether null fits a schema as far as its types tell; a schema that says nothing about types takes null.
  private func allowsNull(_ schema: JSONValue) -> Bool {
    if let reference = schema["$ref"]?.string, let found = references.target(of: reference) {
      return allowsNull(found.schema)
    }
    if let type = schema["type"] {
      return (type.array ?? [type]).contains { $0.string == "null" }
    }
    if let values = schema["enum"]?.array { return values.contains(.null) }
    if let value = schema["const"] { return value == .null }
    if let choices = (schema["anyOf"] ?? schema["oneOf"])?.array {
      return choices.contains(where: allowsNull)
    }
    return schema["properties"] == nil
  }

  private static func escaped(_ name: String) -> String {
    name.replacing("~", with: "~0").replacing("/", with: "~1")
  }
}

extension AddedNulls {
  /// Adds the property a path of steps leads to.
  mutating func insert(_ steps: ArraySlice<AnswerStep>) {
    guard let step = steps.first else { return }
    switch step {
    case .property(let name) where steps.count == 1: names.insert(name)
    case .property(let name): properties[name, default: AddedNulls()].insert(steps.dropFirst())
    case .element:
      if elements.isEmpty { elements = [AddedNulls()] }
      elements[0].insert(steps.dropFirst())
    }
  }
}
