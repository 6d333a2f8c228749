internal import Records

/// The JSON Schema of pipeline files, for editors: `schemas/pipeline.schema.json`.
public enum PipelineSchema {
  /// The schema's text, indented, with a newline at its end. Made from the specifications alone, so
  /// it changes only when they do.
  public static func generate() -> String {
    let head: [JSONValue.Member] = [
      .init("$schema", .string("https://json-schema.org/draft/2020-12/schema")),
      .init("title", .string("Leaven pipeline")),
    ]
    // What `defaults` has may be missing in a stage.
    let stages: [JSONValue.Member] = [
      .init("if", .object(["required": .array([.string("defaults")])])),
      .init("then", stages(are: "partialStage")),
      .init("else", stages(are: "stage")),
      .init(
        "$defs",
        .object([
          "stage": schema(of: .stage), "partialStage": schema(of: SectionSpec.stage.relaxed),
        ])),
    ]
    let pipeline = schema(of: .pipeline).members ?? []
    return IndentedJSON.text(.object(head + pipeline + stages)) + "\n"
  }

  private static func stages(are name: String) -> JSONValue {
    let stage = JSONValue.object(["$ref": .string("#/$defs/\(name)")])
    return .object(["properties": .object(["stages": .object(["additionalProperties": stage])])])
  }

  private static func schema(of section: SectionSpec) -> JSONValue {
    var members: [JSONValue.Member] = [
      .init("description", .string(section.doc)),
      .init("type", .string("object")),
      .init("additionalProperties", .bool(false)),
    ]
    let required = section.fields.filter(\.isRequired).map { JSONValue.string($0.name) }
    if !required.isEmpty { members.append(.init("required", .array(required))) }
    if !section.exactlyOne.isEmpty {
      let choices = section.exactlyOne.map { JSONValue.object(["required": .array([.string($0)])]) }
      members.append(.init("oneOf", .array(choices)))
    }
    let company = section.exactlyOne.isEmpty ? [] : section.fields.filter { !$0.goesWith.isEmpty }
    if !company.isEmpty {
      let rules = company.map { field in
        let others = field.goesWith.map { JSONValue.object(["required": .array([.string($0)])]) }
        return JSONValue.Member(field.name, .object(["anyOf": .array(others)]))
      }
      members.append(.init("dependentSchemas", .object(rules)))
    }
    members.append(
      .init("properties", .object(section.fields.map { .init($0.name, schema(of: $0)) })))
    return .object(members)
  }

  private static func schema(of field: FieldSpec) -> JSONValue {
    var members = schema(of: field.type).members ?? []
    members.removeAll { $0.key == "description" }
    members.insert(.init("description", .string(description(of: field))), at: 0)
    if let value = field.defaultValue { members.append(.init("default", value)) }
    if let example = field.example, let json = ExampleValue.json(example) {
      members.append(.init("examples", .array([json])))
    }
    return .object(members)
  }

  private static func description(of field: FieldSpec) -> String {
    guard case .choice(let choices) = field.type else { return field.doc }
    return ([field.doc] + choices.map { "\($0.name): \($0.doc)" }).joined(separator: "\n")
  }

  private static func schema(of type: FieldType) -> JSONValue {
    switch type {
    case .text(let shape): schema(of: shape)
    case .integer(let range): integer(range)
    case .byteCount(let range):
      .object([
        "anyOf": .array([
          integer(range),
          .object([
            "type": .string("string"),
            "pattern": .string("^[0-9]+(\\.[0-9]+)? ?([KkMmGg]?[Bb]|[KkMmGg][Ii][Bb])$"),
          ]),
        ])
      ])
    case .decimal: .object(["type": .string("number"), "minimum": .number(0)])
    case .dollars:
      .object([
        "anyOf": .array([
          .object(["type": .string("number"), "minimum": .number(0)]),
          .object(["type": .string("string"), "pattern": .string("^\\$[0-9]+(\\.[0-9]{1,9})?$")]),
        ])
      ])
    case .recordLimit:
      .object([
        "anyOf": .array([
          .object(["type": .string("number"), "minimum": .number(0)]),
          .object(["type": .string("string"), "pattern": .string("^[0-9]+(\\.[0-9]+)? ?%$")]),
        ])
      ])
    case .share:
      .object([
        "anyOf": .array([
          .object(["type": .string("number"), "minimum": .number(0), "maximum": .number(1)]),
          .object(["type": .string("string"), "pattern": .string("^[0-9]+(\\.[0-9]+)?%$")]),
        ])
      ])
    case .duration:
      .object([
        "anyOf": .array([
          .object(["const": .number(0)]),
          .object(["type": .string("string"), "pattern": .string("^(0|[0-9]{1,6}[smhd])$")]),
        ])
      ])
    case .boolean: .object(["type": .string("boolean")])
    case .choice(let choices): .object(["enum": .array(words(of: choices))])
    case .section(let section) where section.title == "defaults":
      .object(["$ref": .string("#/$defs/partialStage")])
    case .section(let section): schema(of: section)
    case .map(_, .section(let section)) where section.title == SectionSpec.stage.title:
      .object(["type": .string("object"), "minProperties": .number(1)])
    case .map(_, let values):
      .object([
        "type": .string("object"), "minProperties": .number(1),
        "additionalProperties": schema(of: values),
      ])
    case .json: .object([:])
    case .object: .object(["type": .string("object")])
    case .list(let element):
      .object([
        "anyOf": .array([
          schema(of: element),
          .object([
            "type": .string("array"), "minItems": .number(1), "items": schema(of: element),
          ]),
        ])
      ])
    case .either(let alone, let section):
      .object(["anyOf": .array([schema(of: alone), schema(of: section)])])
    }
  }

  /// The words of a choice; the word `null` is null to YAML.
  private static func words(of choices: [FieldType.Choice]) -> [JSONValue] {
    choices.flatMap { choice -> [JSONValue] in
      choice.name == "null" ? [.string("null"), .null] : [.string(choice.name)]
    }
  }

  private static func schema(of shape: FieldType.TextShape) -> JSONValue {
    switch shape {
    case .words, .template, .expression:
      // The reader takes any scalar as text; an editor sees numbers and Booleans.
      .object(["type": .array(["string", "number", "boolean"].map { .string($0) })])
    case .url: .object(["type": .string("string"), "pattern": .string("^https?://")])
    case .environmentVariable:
      .object(["type": .string("string"), "pattern": .string("^[A-Za-z_][A-Za-z0-9_]*$")])
    case .character:
      .object(["type": .string("string"), "pattern": .string("^(.|tab|\\\\t)$")])
    case .name, .path: .object(["type": .string("string"), "minLength": .number(1)])
    }
  }

  private static func integer(_ range: ClosedRange<Int>) -> JSONValue {
    var members: [JSONValue.Member] = [
      .init("type", .string("integer")), .init("minimum", .number(range.lowerBound)),
    ]
    if range.upperBound != .max { members.append(.init("maximum", .number(range.upperBound))) }
    return .object(members)
  }
}
