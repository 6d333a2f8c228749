internal import Records

/// The schema that a request wants its answer to follow, and the provider's limits on it.
enum OutputFormat {
  private static let refused: Set<String> = [
    "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength",
    "maxLength",
    "maxItems", "uniqueItems", "contains", "minContains", "maxContains", "prefixItems",
    "patternProperties",
    "propertyNames", "minProperties", "maxProperties", "if", "then", "else", "not", "oneOf",
    "dependentRequired", "dependentSchemas", "unevaluatedProperties", "unevaluatedItems",
  ]
  private static let formats: Set<String> = [
    "date-time", "time", "date", "duration", "email", "hostname", "uri", "ipv4", "ipv6", "uuid",
  ]
  private static let optionalLimit = 24
  private static let unionLimit = 16

  /// The schema under `output_config.format`, or under the older `output_format`; nil without one.
  static func schema(in params: JSONView) -> JSONView? {
    let format = params["output_config"]?["format"] ?? params["output_format"]
    guard let format, format.kind == .object else { return nil }
    return format["schema"]
  }

  /// What is wrong with the format itself, before its schema.
  static func problem(in params: JSONView) -> String? {
    if let config = params["output_config"], !config.isNull {
      guard config.kind == .object else {
        return "output_config: Input should be a valid dictionary"
      }
      for member in config.members where !["format", "effort"].contains(member.key.text) {
        return "output_config.\(member.key.text): Extra inputs are not permitted"
      }
      if let effort = config["effort"], !effort.isNull,
        !["low", "medium", "high", "xhigh", "max"].contains(effort.text)
      {
        return "output_config.effort: Input should be 'low', 'medium', 'high', 'xhigh' or 'max'"
      }
    }
    let format = params["output_config"]?["format"] ?? params["output_format"]
    guard let format, !format.isNull else { return nil }
    guard format["type"]?.text == "json_schema" else {
      return "output_config.format.type: Input should be 'json_schema'"
    }
    guard let schema = format["schema"] else {
      return "output_config.format.schema: Field required"
    }
    return schema.kind == .object
      ? nil : "output_config.format.schema: Input should be a valid dictionary"
  }

  /// What the provider does not accept in a schema, the first thing found; nil when it accepts all.
  static func problem(inSchema schema: JSONValue) -> String? {
    var tally = Tally(root: schema)
    return tally.look(at: schema).map { "output_config.format.schema: \($0)" }
  }

  /// One walk over a schema.
  private struct Tally {
    let root: JSONValue
    var optional = 0
    var unions = 0
    /// References that are being followed, to see recursion.
    var following: [String] = []

    mutating func look(at schema: JSONValue) -> String? {
      guard let members = schema.members else { return nil }
      for member in members {
        if let problem = keyword(member.key, member.value, in: schema) { return problem }
      }
      return object(schema) ?? children(of: members)
    }

    private mutating func keyword(
      _ name: String, _ value: JSONValue, in schema: JSONValue
    ) -> String? {
      let type = schema["type"]?.string ?? "any"
      switch name {
      case _ where OutputFormat.refused.contains(name):
        return "For '\(type)' type, property '\(name)' is not supported"
      case "minItems":
        return value.int.map { $0 <= 1 } ?? false
          ? nil : "For 'array' type, 'minItems' values other than 0 or 1 are not supported"
      case "format":
        return value.string.map(OutputFormat.formats.contains) ?? false
          ? nil : "For 'string' type, format '\(value.string ?? "")' is not supported"
      case "pattern":
        let pattern = value.string ?? ""
        return ["(?=", "(?!", "(?<", "\\1"].contains { pattern.contains($0) }
          ? "For 'string' type, 'pattern' with look-around or back-references is not supported"
          : nil
      case "$ref": return reference(value.string ?? "")
      case "anyOf": return union()
      case "type": return value.array == nil ? nil : union()
      default: return nil
      }
    }

    private mutating func union() -> String? {
      unions += 1
      return unions > OutputFormat.unionLimit
        ? "Schema is too complex for compilation: more than \(OutputFormat.unionLimit) union types"
        : nil
    }

    private mutating func reference(_ name: String) -> String? {
      guard name.hasPrefix("#") else { return "External references ('\(name)') are not supported" }
      if following.contains(name) { return "Recursive schemas ('\(name)') are not supported" }
      guard let target = JSONPointer.value(at: name, in: root) else {
        return "Reference '\(name)' does not resolve"
      }
      following.append(name)
      defer { following.removeLast() }
      let (optional, unions) = (optional, unions)
      defer { (self.optional, self.unions) = (optional, unions) }
      return look(at: target)
    }

    private mutating func object(_ schema: JSONValue) -> String? {
      let isObject = schema["type"]?.string == "object" || schema["properties"] != nil
      guard isObject else { return nil }
      guard schema["additionalProperties"]?.bool == false else {
        return "For 'object' type, 'additionalProperties' must be explicitly set to false"
      }
      let required = Set(schema["required"]?.array?.compactMap(\.string) ?? [])
      optional += (schema["properties"]?.members ?? []).count { !required.contains($0.key) }
      return optional > OutputFormat.optionalLimit
        ? "Schema is too complex for compilation: more than \(OutputFormat.optionalLimit) "
          + "optional properties" : nil
    }

    private mutating func children(of members: [JSONValue.Member]) -> String? {
      for member in members {
        let parts: [JSONValue]
        switch member.key {
        case "properties", "$defs", "definitions": parts = member.value.members?.map(\.value) ?? []
        case "anyOf", "allOf": parts = member.value.array ?? []
        case "items": parts = [member.value]
        default: continue
        }
        for part in parts {
          if let problem = look(at: part) { return problem }
        }
      }
      return nil
    }
  }
}
