internal import Records

/// What OpenAI accepts of a schema in strict mode: `reference/provider-apis.md`, B6.
enum StrictSchema {
  private static let refused: Set<String> = [
    "allOf", "oneOf", "not", "if", "then", "else", "dependentRequired", "dependentSchemas",
    "dependencies", "minLength", "maxLength", "uniqueItems", "contains", "minContains",
    "maxContains", "prefixItems", "additionalItems", "patternProperties", "propertyNames",
    "minProperties", "maxProperties", "unevaluatedProperties", "unevaluatedItems",
  ]
  private static let formats: Set<String> = [
    "date-time", "time", "date", "duration", "email", "hostname", "ipv4", "ipv6", "uuid",
  ]
  private static let propertyLimit = 5000
  private static let depthLimit = 10
  private static let enumLimit = 1000
  private static let characterLimit = 120_000
  private static let longEnum = (values: 250, characters: 15_000)

  /// The first thing found, as the provider's sentence; nil when all is accepted.
  static func problem(in schema: JSONValue) -> String? {
    let type = schema["type"]?.string ?? "None"
    guard type == "object" else {
      return "schema must be a JSON Schema of 'type: \"object\"', got 'type: \"\(type)\"'."
    }
    if schema["anyOf"] != nil { return "In context=(), 'anyOf' is not permitted." }
    var tally = Tally(root: schema)
    return tally.look(at: schema, [], depth: 1) ?? tally.excess
  }

  /// One walk over a schema; definitions are looked at where they stand, so that one that refers to
  /// itself is looked at once.
  private struct Tally {
    let root: JSONValue
    var properties = 0
    var enumValues = 0
    var characters = 0

    /// What there is too much of.
    var excess: String? {
      if properties > StrictSchema.propertyLimit {
        return "Expected at most \(StrictSchema.propertyLimit) object properties in total within a "
          + "schema, but got \(properties)."
      }
      if enumValues > StrictSchema.enumLimit {
        return "Expected at most \(StrictSchema.enumLimit) enum values in total within a schema, "
          + "but got \(enumValues)."
      }
      guard characters > StrictSchema.characterLimit else { return nil }
      return "The total length of property names, definition names, enum values and const values "
        + "exceeds \(StrictSchema.characterLimit) characters."
    }

    mutating func look(at schema: JSONValue, _ context: [String], depth: Int) -> String? {
      guard let members = schema.members else { return nil }
      func problem(_ words: String) -> String { "In context=\(Self.written(context)), \(words)" }
      if depth > StrictSchema.depthLimit {
        return problem("schema is nested deeper than \(StrictSchema.depthLimit) levels.")
      }
      for member in members {
        if let words = keyword(member) { return problem(words) }
      }
      if schema["type"] == nil, schema["$ref"] == nil, schema["anyOf"] == nil,
        schema["enum"] == nil,
        schema["const"] == nil
      {
        return problem("schema must have a 'type' key.")
      }
      if let words = object(schema) { return problem(words) }
      if Self.isArray(schema), schema["items"] == nil {
        return problem("array schema missing items.")
      }
      return children(of: members, context, depth)
    }

    private mutating func keyword(_ member: JSONValue.Member) -> String? {
      switch member.key {
      case _ where StrictSchema.refused.contains(member.key):
        return "'\(member.key)' is not permitted."
      case "format":
        let format = member.value.string ?? ""
        return StrictSchema.formats.contains(format) ? nil : "'\(format)' is not a valid format."
      case "$ref":
        let name = member.value.string ?? ""
        let target = name.hasPrefix("#") ? JSONPointer.value(at: name, in: root) : nil
        return target == nil
          ? "reference can only point to definitions defined at the top level of "
            + "the schema." : nil
      case "enum": return enumeration(member.value.array ?? [])
      case "const": characters += member.value.compact.count
      default: break
      }
      return nil
    }

    private mutating func enumeration(_ values: [JSONValue]) -> String? {
      if values.isEmpty { return "enum must not be empty." }
      let length = values.reduce(0) { $0 + ($1.string ?? "").count }
      enumValues += values.count
      characters += length
      let long = StrictSchema.longEnum
      guard values.count > long.values, length > long.characters else { return nil }
      return "the total string length of an enum with more than \(long.values) values must not "
        + "exceed \(long.characters) characters."
    }

    private mutating func object(_ schema: JSONValue) -> String? {
      let types = schema["type"]?.array?.compactMap(\.string) ?? [schema["type"]?.string ?? ""]
      guard types.contains("object") else { return nil }
      guard schema["additionalProperties"]?.bool == false else {
        return "'additionalProperties' is required to be supplied and to be false."
      }
      let names = (schema["properties"]?.members ?? []).map(\.key)
      let required = (schema["required"]?.array ?? []).compactMap(\.string)
      properties += names.count
      characters += names.reduce(0) { $0 + $1.count }
      let words =
        "'required' is required to be supplied and to be an array including every key in properties."
      if let missing = names.first(where: { !required.contains($0) }) {
        return "\(words) Missing '\(missing)'."
      }
      let extra = required.first { !names.contains($0) }
      return extra.map { "\(words) Extra required key '\($0)' supplied." }
    }

    private mutating func children(
      of members: [JSONValue.Member], _ context: [String], _ depth: Int
    ) -> String? {
      for member in members {
        var parts: [(JSONValue, [String], Int)] = []
        switch member.key {
        case "properties":
          parts = (member.value.members ?? []).map {
            ($0.value, ["properties", $0.key], depth + 1)
          }
        case "$defs", "definitions":
          parts = (member.value.members ?? []).map { ($0.value, [member.key, $0.key], 1) }
        case "anyOf":
          parts = (member.value.array ?? []).enumerated().map { ($1, ["anyOf", "\($0)"], depth) }
        case "items": parts = [(member.value, ["items"], depth + 1)]
        default: continue
        }
        for (part, path, depth) in parts {
          if let problem = look(at: part, context + path, depth: depth) { return problem }
        }
      }
      return nil
    }

    private static func isArray(_ schema: JSONValue) -> Bool {
      schema["type"]?.string == "array"
        || schema["type"]?.array?.contains(.string("array")) == true
    }

    /// A path as the provider writes it: a tuple of Python's.
    private static func written(_ context: [String]) -> String {
      let words = context.map { Int($0) == nil ? "'\($0)'" : $0 }
      return words.count == 1 ? "(\(words[0]),)" : "(\(words.joined(separator: ", ")))"
    }
  }
}
