internal import Records

extension LoweringPass {
  /// What a lowered schema holds, where a provider limits it.
  private struct Size {
    var properties = 0
    var enumValues = 0
    var depth = 0

    mutating func add(_ schema: JSONValue, depth level: Int) {
      depth = max(depth, level)
      enumValues += schema["enum"]?.array?.count ?? 0
      for property in schema["properties"]?.members ?? [] {
        properties += 1
        add(property.value, depth: level + 1)
      }
      if let items = schema["items"] { add(items, depth: level + 1) }
      for choice in schema["anyOf"]?.array ?? [] { add(choice, depth: level) }
      for definition in schema["$defs"]?.members ?? [] { add(definition.value, depth: level + 1) }
    }
  }

  /// Holds the whole lowered schema against the provider's limits.
  mutating func checkSize(of lowered: JSONValue) {
    if rules.root == .object, lowered["type"]?.string != "object" || lowered["anyOf"] != nil {
      report(
        .noObject, "", "the answer must be an object",
        "make it a property of one: {\"type\": \"object\", \"properties\": {\"answer\": …}}")
    }
    var size = Size()
    size.add(lowered, depth: 0)
    check(size.properties, rules.maxProperties, .tooLarge, "properties")
    check(size.enumValues, rules.maxEnumValues, .tooLarge, "enum values")
    check(size.depth, rules.maxDepth, .tooDeep, "levels")
  }

  private mutating func check(
    _ count: Int, _ limit: Int?, _ code: LoweringProblem.Code, _ things: String
  ) {
    guard let limit, count > limit else { return }
    report(
      code, "", "the schema has \(count) \(things), \(limit) are allowed",
      "ask for less in one answer, or in two stages")
  }
}
