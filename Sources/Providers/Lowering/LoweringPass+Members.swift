internal import Records

extension LoweringPass {
  /// The keywords of one schema object while they are lowered.
  struct Draft {
    var members: [JSONValue.Member] = []
    var description: String?
    /// Keywords to tell in the description.
    var notes: [String] = []

    mutating func add(_ key: String, _ value: JSONValue) {
      members.append(JSONValue.Member(key, value))
    }

    /// The finished object: the description last, with what could not be sent otherwise.
    func finished() -> JSONValue {
      var parts = [description].compactMap(\.self)
      if !notes.isEmpty { parts.append("Constraints: \(notes.joined(separator: ", ")).") }
      guard !parts.isEmpty else { return .object(members) }
      let text = parts.joined(separator: "\n\n")
      return .object(members + [JSONValue.Member("description", .string(text))])
    }
  }

  mutating func lowerMembers(
    _ schema: JSONValue, at path: String, place: [AnswerStep]?
  ) -> JSONValue {
    var draft = Draft()
    for member in schema.members ?? [] where !Self.silentKeywords.contains(member.key) {
      lower(member, of: schema, at: path, place: place, into: &draft)
    }
    lowerObject(schema, at: path, place: place, into: &draft)
    return draft.finished()
  }

  private mutating func lower(
    _ member: JSONValue.Member, of schema: JSONValue, at path: String, place: [AnswerStep]?,
    into draft: inout Draft
  ) {
    let value = member.value
    switch member.key {
    case "properties", "required", "additionalProperties": break
    case "description": draft.description = value.string
    case "anyOf", "oneOf": lowerChoices(member, of: schema, at: path, into: &draft)
    case "items" where value.array == nil && schema["prefixItems"] == nil:
      draft.add("items", lower(value, at: "\(path)/items", place: place.map { $0 + [.element] }))
    case "items", "prefixItems": lowerTuple(member, of: schema, at: path, into: &draft)
    case "const" where !rules.keywords.contains("const"):
      lowerEnum(.array([value]), at: path, into: &draft)
    case "enum": lowerEnum(value, at: path, into: &draft)
    case "format" where value.string.map(rules.formats.contains) == true: draft.add("format", value)
    case "pattern" where value.string.map(PatternSupport.isSimple) == true:
      draft.add("pattern", value)
    case "minItems" where value.int.map { $0 > rules.maxMinItems } == true:
      draft.add("minItems", .number(rules.maxMinItems))
      move(member, at: path, into: &draft)
    case "format", "pattern": move(member, at: path, into: &draft)
    default:
      if rules.keywords.contains(member.key) {
        draft.add(member.key, value)
      } else {
        move(member, at: path, into: &draft)
      }
    }
  }

  /// Tells a keyword in the description instead of sending it.
  func note(_ member: JSONValue.Member) -> String {
    "\(member.key) \(member.value.string ?? member.value.compact)"
  }

  mutating func move(_ member: JSONValue.Member, at path: String, into draft: inout Draft) {
    draft.notes.append(note(member))
    moved.append(LoweringReport.Moved(path: path, keyword: member.key, isDescribed: true))
  }

  /// `anyOf` stays; `oneOf` becomes one.
  ///
  /// A schema with both keeps the first as it is and has the other described.
  private mutating func lowerChoices(
    _ member: JSONValue.Member, of schema: JSONValue, at path: String, into draft: inout Draft
  ) {
    guard let choices = member.value.array, !choices.isEmpty else {
      report(
        .notASchema, "\(path)/\(member.key)", "this must be a list of schemas", "list at least one")
      return
    }
    guard !draft.members.contains(where: { $0.key == "anyOf" }) else {
      move(member, at: path, into: &draft)
      return
    }
    if member.key == "oneOf" {
      moved.append(LoweringReport.Moved(path: path, keyword: "oneOf", isDescribed: false))
    }
    var lowered: [JSONValue] = []
    for (position, choice) in choices.enumerated() {
      lowered.append(lower(choice, at: "\(path)/\(member.key)/\(position)", place: nil))
    }
    draft.add("anyOf", .array(lowered))
  }

  /// A list with a schema for each position is asked for as a list of any of them.
  private mutating func lowerTuple(
    _ member: JSONValue.Member, of schema: JSONValue, at path: String, into draft: inout Draft
  ) {
    guard let positions = member.value.array else { return }
    move(member, at: path, into: &draft)
    var lowered: [JSONValue] = []
    for (position, schema) in positions.enumerated() {
      let choice = lower(schema, at: "\(path)/\(member.key)/\(position)", place: nil)
      if !lowered.contains(where: { $0.compact.utf8.elementsEqual(choice.compact.utf8) }) {
        lowered.append(choice)
      }
    }
    if let only = lowered.first, lowered.count == 1 { draft.add("items", only) }
    if lowered.count > 1 { draft.add("items", .object(["anyOf": .array(lowered)])) }
  }

  private mutating func lowerEnum(
    _ value: JSONValue, at path: String, into draft: inout Draft
  ) {
    draft.add("enum", value)
    let isPrimitive = value.array?.allSatisfy { $0.array == nil && $0.members == nil } ?? false
    guard !isPrimitive else { return }
    report(
      .structuredEnum, "\(path)/enum", "an enum may list texts, numbers, true, false and null only",
      "use `anyOf` with a schema for each object")
  }
}
