internal import Records

/// What an answer looks like under a schema, ready to be filled from a request.
indirect enum AnswerShape: Sendable {
  /// A constant, as JSON.
  case fixed(String)
  /// One of these, as JSON, chosen by the request's subject.
  case choice([String])
  /// Words of the request, or a text of a format.
  case text(format: String?)
  /// What stands in the request between this tag and its end.
  case copy(tag: String)
  case number(ClosedRange<Double>)
  case integer(ClosedRange<Int>)
  case boolean
  case list(AnswerShape, ClosedRange<Int>)
  /// Members in the order they are written: required ones first.
  ///
  /// Names are escaped.
  case object([(name: String, shape: AnswerShape)])
  case either([AnswerShape])

  /// Deeper than this (a schema that refers to itself) an answer is null.
  private static let depthLimit = 24

  /// The shape of a schema.
  init(_ schema: JSONValue) { self = Self.shape(of: schema, root: schema, depth: 0) }

  private static func shape(of schema: JSONValue, root: JSONValue, depth: Int) -> AnswerShape {
    guard depth < depthLimit else { return .fixed("null") }
    func inner(_ schema: JSONValue) -> AnswerShape {
      shape(of: schema, root: root, depth: depth + 1)
    }
    if let reference = schema["$ref"]?.string {
      return JSONPointer.value(at: reference, in: root).map(inner) ?? .fixed("null")
    }
    if let constant = schema["const"] { return .fixed(constant.compact) }
    if let values = schema["enum"]?.array, !values.isEmpty { return .choice(values.map(\.compact)) }
    if let choices = schema["anyOf"]?.array ?? schema["oneOf"]?.array, !choices.isEmpty {
      let full = choices.filter { $0["type"]?.string != "null" }
      return .either((full.isEmpty ? choices : full).map(inner))
    }
    if let parts = schema["allOf"]?.array, !parts.isEmpty { return merged(parts.map(inner)) }
    return typed(schema, inner)
  }

  private static func typed(_ schema: JSONValue, _ inner: (JSONValue) -> AnswerShape) -> AnswerShape
  {
    let words = schema["type"]?.array?.compactMap(\.string) ?? [schema["type"]?.string ?? ""]
    // OpenAPI's types, as Gemini takes them, are in capitals.
    let types = words.map { $0.lowercased() }
    switch types.first(where: { $0 != "null" }) ?? "null" {
    case "object": return object(schema, inner)
    case "array":
      let fewest = max(1, schema["minItems"]?.integer ?? 1)
      let most = max(fewest, min(3, schema["maxItems"]?.integer ?? 3))
      return .list(schema["items"].map(inner) ?? .text(format: nil), fewest...most)
    case "string":
      if let tag = copiedTag(schema) { return .copy(tag: tag) }
      return .text(format: schema["format"]?.string)
    case "integer":
      let low = schema["minimum"]?.int ?? 1
      let high = schema["maximum"]?.int ?? max(5, low)
      return .integer(min(low, high)...high)
    case "number":
      let low = schema["minimum"]?.double ?? 0
      let high = schema["maximum"]?.double ?? max(1, low)
      return .number(min(low, high)...high)
    case "boolean": return .boolean
    case "null": return .fixed("null")
    default: return schema["properties"] != nil ? object(schema, inner) : .text(format: nil)
    }
  }

  /// The tag that a description says a text is a copy of: `Copy of <tag>…`; nil for other texts.
  private static func copiedTag(_ schema: JSONValue) -> String? {
    let start = "Copy of <"
    guard let words = schema["description"]?.string, words.hasPrefix(start),
      let end = words.firstIndex(of: ">")
    else { return nil }
    return String(words[..<end].dropFirst(start.count))
  }

  private static func object(_ schema: JSONValue, _ inner: (JSONValue) -> AnswerShape)
    -> AnswerShape
  {
    let properties = schema["properties"]?.members ?? []
    let required = Set(schema["required"]?.array?.compactMap(\.string) ?? [])
    let ordered =
      properties.filter { required.contains($0.key) }
      + properties.filter { !required.contains($0.key) }
    return .object(
      ordered.map { member in
        let quoted = JSONValue.string(member.key).compact
        return (name: String(quoted.dropFirst().dropLast()), shape: inner(member.value))
      })
  }

  /// All members of all parts; of parts that are no objects, the first.
  private static func merged(_ parts: [AnswerShape]) -> AnswerShape {
    var members: [(name: String, shape: AnswerShape)] = []
    for case .object(let more) in parts { members += more }
    return members.isEmpty ? parts[0] : .object(members)
  }
}

extension JSONValue {
  /// A whole number, which protocol buffers also write as a string.
  fileprivate var integer: Int? { int ?? string.flatMap { Int($0) } }
}
