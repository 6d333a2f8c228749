internal import Records

/// One walk over a schema, and what it finds.
struct LoweringPass {
  let root: JSONValue
  let rules: Catalog.AnswerSchema
  let references: SchemaReferences

  var moved: [LoweringReport.Moved] = []
  var problems: [LoweringProblem] = []
  var addedNulls = AddedNulls()
  var optionalCount = 0
  var unionCount = 0
  /// How many optional properties still have to be asked for as required ones that may be null.
  var surplus = 0
  /// Definitions that references name, in the order met.
  var wanted: [String] = []

  init(root: JSONValue, rules: Catalog.AnswerSchema) {
    self.root = root
    self.rules = rules
    references = SchemaReferences(root: root)
  }

  /// Lowers the whole schema; a second time when it has more optional properties than are taken.
  mutating func run() -> JSONValue {
    for pointer in references.cycles() {
      report(
        .recursion, pointer, "this schema contains itself",
        "write the levels out that you need: recursion is not taken")
    }
    guard problems.isEmpty else { return root }
    var lowered = lowerAll()
    if optionalCount > rules.maxOptionalProperties {
      let surplus = optionalCount - rules.maxOptionalProperties
      self = LoweringPass(root: root, rules: rules)
      self.surplus = surplus
      lowered = lowerAll()
    }
    if optionalCount > rules.maxOptionalProperties {
      report(
        .tooManyOptional, "",
        "\(optionalCount) properties may be left out, \(rules.maxOptionalProperties) are allowed",
        "list more of them in `required`")
    }
    if unionCount > rules.maxUnionProperties {
      report(
        .tooManyUnions, "",
        "\(unionCount) properties are of several types, \(rules.maxUnionProperties) are allowed",
        "give more of them a single type, or make fewer of them optional")
    }
    checkSize(of: lowered)
    return lowered
  }

  mutating func report(
    _ code: LoweringProblem.Code, _ path: String, _ sentence: String, _ hint: String
  ) {
    problems.append(LoweringProblem(code: code, path: path, sentence: sentence, hint: hint))
  }

  private mutating func lowerAll() -> JSONValue {
    let lowered = lower(root, at: "", place: [])
    guard !wanted.isEmpty, case .object(var members) = lowered else { return lowered }
    var definitions: [JSONValue.Member] = []
    var next = 0
    while next < wanted.count {
      let name = wanted[next]
      next += 1
      let table = root["$defs"]?[name] == nil ? "definitions" : "$defs"
      guard let schema = root[table]?[name] else { continue }
      let path = "/\(table)/\(name)"
      definitions.append(JSONValue.Member(name, lower(schema, at: path, place: nil)))
    }
    members.append(JSONValue.Member("$defs", .object(definitions)))
    return .object(members)
  }

  /// Lowers one schema, which stands at `path` of the one the user wrote; its values stand at `place` of an
  /// answer (nil when that is not one place for sure).
  mutating func lower(_ schema: JSONValue, at path: String, place: [AnswerStep]?) -> JSONValue {
    switch schema {
    case .bool(true): return .object([JSONValue.Member]())
    case .bool(false):
      report(.impossible, path, "no value fits `false`", "remove this place from the schema")
      return schema
    case .object:
      if let reference = schema["$ref"] {
        return lower(reference, in: schema, at: path, place: place)
      }
      let merged = mergingAllOf(schema, at: path)
      return lowerMembers(merged, at: path, place: place)
    default:
      report(.notASchema, path, "this is no schema", "write an object")
      return schema
    }
  }

  private mutating func lower(
    _ reference: JSONValue, in schema: JSONValue, at path: String, place: [AnswerStep]?
  ) -> JSONValue {
    guard let (target, pointer) = resolve(reference, at: path) else { return schema }
    let others = (schema.members ?? []).filter {
      !Self.silentKeywords.contains($0.key) && $0.key != "$ref"
    }
    if others.isEmpty, let name = references.definitionName(pointer) {
      if !wanted.contains(name) { wanted.append(name) }
      return .object(["$ref": .string("#/$defs/\(name)")])
    }
    if others.isEmpty { return lower(target, at: pointer, place: place) }
    let merged = JSONValue.object(others + [JSONValue.Member("allOf", .array([target]))])
    return lower(merged, at: path, place: place)
  }

  /// What a reference names; nil after a problem is reported.
  mutating func resolve(
    _ reference: JSONValue, at path: String
  ) -> (schema: JSONValue, pointer: String)? {
    guard let text = reference.string, text.hasPrefix("#") else {
      report(
        .externalReference, path, "the reference \(reference.compact) leads out of this schema",
        "copy what it names into `$defs`")
      return nil
    }
    guard let found = references.target(of: text) else {
      report(
        .unresolvedReference, path, "there is nothing at \(text)",
        "write it as #/$defs/name")
      return nil
    }
    return found
  }

  /// Keywords that mean nothing to a model and are left out without a word.
  static let silentKeywords: Set<String> = [
    "$schema", "$id", "$comment", "$anchor", "$dynamicAnchor", "$vocabulary", "$defs",
    "definitions",
    "readOnly", "writeOnly", "deprecated",
  ]
}

/// A step from an answer's value to one within it.
enum AnswerStep: Hashable {
  case property([UInt8])
  case element
}
