import Records
import Schemas
import TestSupport
import Testing

@Suite struct SchemaErrorTests {
  @Test(arguments: [
    (
      ##"{"type":"strng"}"##,
      "#/type: type must be one or more of object, array, string, number, integer, boolean, null (did you mean \"string\"?)"
    ),
    (##"{"minLength":-1}"##, "#/minLength: minLength must be a non-negative integer"),
    (##"{"minLength":1.5}"##, "#/minLength: minLength must be a non-negative integer"),
    (
      ##"{"properties":{"a":{"required":true}}}"##,
      "#/properties/a/required: required must be an array of strings (list the required names beside \"properties\")"
    ),
    (
      ##"{"properties":{"a/b":{"minimum":"1"}}}"##,
      "#/properties/a~1b/minimum: minimum must be a number"
    ),
    (
      ##"{"exclusiveMinimum":true}"##,
      "#/exclusiveMinimum: exclusiveMinimum must be a number (the Boolean form is of draft 4; give the bound itself here)"
    ),
    (
      ##"{"items":[{}]}"##,
      "#/items: items must be a schema (a list of schemas is called \"prefixItems\" since 2020-12)"
    ),
    (##"{"anyOf":[]}"##, "#/anyOf: anyOf must be an array of at least one schema"),
    (##"{"not":1}"##, "#/not: a schema is an object, true or false"),
    ("[]", "#: a schema is an object, true or false"),
    (
      ##"{"$ref":"#/$defs/no"}"##,
      "#/$ref: \"#/$defs/no\" leads to nothing (no value is at /$defs/no)"
    ),
    (##"{"$ref":"#no"}"##, "#/$ref: \"#no\" leads to nothing"),
    (
      ##"{"$ref":"http://example.com/x"}"##,
      "#/$ref: \"http://example.com/x\" would have to be fetched (nothing is fetched; put the schema into $defs or beside this file)"
    ),
    (##"{"$ref":"other.json"}"##, "#/$ref: there is no schema \"file:///other.json\""),
    (
      ##"{"$ref":"#"}"##,
      "#: this schema applies itself to the same value again, without end (a schema may refer to itself only below properties or items)"
    ),
    (
      ##"{"$defs":{"a":{"allOf":[{"$ref":"#/$defs/b"}]},"b":{"not":{"$ref":"#/$defs/a"}}},"items":{"$ref":"#/$defs/a"}}"##,
      "#/$defs/a: this schema applies itself to the same value again, without end (a schema may refer to itself only below properties or items)"
    ),
    (
      ##"{"$schema":"http://json-schema.org/draft-04/schema#"}"##,
      "#/$schema: the dialect \"http://json-schema.org/draft-04/schema#\" is not known (known are draft 2020-12 and draft 7)"
    ),
    (
      ##"{"$defs":{"a":{"$anchor":"x"},"b":{"$anchor":"x"}}}"##,
      "#/$defs/b/$anchor: \"x\" names another subschema, too"
    ),
    (
      ##"{"pattern":"a\\Z"}"##,
      ##"#/pattern: the pattern "a\\Z" has the escape \Z, which ECMA-262 does not know (write $)"##
    ),
  ])
  func sentences(_ schema: String, _ expected: String) throws {
    #expect(try SchemaFixture.error(schema)?.description == expected)
  }

  @Test(arguments: [
    (
      ##"{"type":"objct","properties":{"a":{"minLength":"1","type":"strng"},"b":{"minimum":"1","maximum":"2"}},"required":"a"}"##,
      [
        "#/type", "#/required", "#/properties/a/type", "#/properties/a/minLength",
        "#/properties/b/minimum", "#/properties/b/maximum",
      ]
    ),
    (
      ##"{"anyOf":[],"not":1,"$ref":"#/$defs/no","pattern":"(","items":[{"$ref":"#"}],"dependentRequired":1}"##,
      ["#/pattern", "#/dependentRequired", "#/items", "#/$ref", "#/anyOf", "#/not"]
    ),
    // Each is found once, wherever it is referred to from.
    (
      ##"{"properties":{"a":{"$ref":"#/$defs/x"},"b":{"$ref":"#/$defs/x"}},"$defs":{"x":{"type":1}}}"##,
      ["#/$defs/x/type"]
    ),
    // Beside a reference of draft 7 nothing counts.
    (
      ##"{"$schema":"http://json-schema.org/draft-07/schema#","$ref":"#no","minLength":"1"}"##,
      ["#/$ref"]
    ),
    // A loop is found beside other mistakes.
    (##"{"allOf":[{"$ref":"#"}],"type":1}"##, ["#/type", "#"]),
    (##"{"$schema":"http://json-schema.org/draft-04/schema#","type":1}"##, ["#/$schema"]),
    (
      "{\"properties\":{\((1...30).map { "\"p\($0)\":{\"type\":1}" }.joined(separator: ","))}}",
      (1...20).map { "#/properties/p\($0)/type" }
    ),
  ])
  func allMistakesAreFoundAtOnce(_ schema: String, _ places: [String]) throws {
    let value = try JSONValue(parsing: schema)
    let problems = #expect(throws: SchemaProblems.self) { try CompiledSchema.checking(value) }
    #expect(problems?.errors.map(\.schemaPath) == places)
    #expect(problems?.errors.first == (try SchemaFixture.error(schema)))
  }

  @Test func doubtsAreToldBesideMistakes() throws {
    let value = try JSONValue(parsing: ##"{"type":1,"properties":{"a":{"minLenght":1}}}"##)
    let problems = #expect(throws: SchemaProblems.self) { try CompiledSchema.checking(value) }
    #expect(problems?.warnings.map(\.schemaPath) == ["#/properties/a/minLenght"])
  }

  @Test(arguments: [
    (##"{"minLenght":1}"##, ##"#/minLenght unknown-keyword did you mean "minLength"?"##),
    (
      ##"{"properties":{"a":{"descripton":""}}}"##,
      ##"#/properties/a/descripton unknown-keyword did you mean "description"?"##
    ),
    (#"{"x-internal":1}"#, ""),
    (
      ##"{"additionalItems":false}"##,
      ##"#/additionalItems other-draft since 2020-12: "prefixItems" with "items""##
    ),
    (
      ##"{"$schema":"http://json-schema.org/draft-07/schema#","$ref":"#/definitions/a","minimum":1,"definitions":{"a":true}}"##,
      "#/minimum ignored-sibling put the reference into allOf, or use draft 2020-12"
    ),
    (##"{"format":"datetime"}"##, ##"#/format unknown-format did you mean "date-time"?"##),
  ])
  func warnings(_ schema: String, _ expected: String) throws {
    let warnings = try SchemaFixture(schema).schema.warnings
    let shown = warnings.map { "\($0.schemaPath) \($0.code.rawValue) \($0.hint ?? "")" }
    #expect(shown.joined(separator: "; ") == expected)
  }

  @Test func filesBesideTheSchema() throws {
    let scratch = try ScratchDirectory()
    try scratch.write(
      #"{"$id":"https://example.com/parts/b.json","$defs":{"n":{"type":"null"}}}"#,
      to: "parts/b.json")
    let main = scratch.path("main.json")
    let options = SchemaOptions(location: "file://" + main) { path in
      try JSONValue(parsing: scratch.bytes(of: String(path.dropFirst(scratch.path("").count + 1))))
    }
    for schema in [
      #"{"$ref":"parts/b.json#/$defs/n"}"#,
      #"{"$id":"https://example.com/main.json","$ref":"parts/b.json#/$defs/n"}"#,
    ] {
      let fixture = try SchemaFixture(schema, options: options)
      #expect(fixture.verdict(on: "null") == true)
      #expect(fixture.verdict(on: "1") == false)
    }
    let missing = try SchemaFixture.error(#"{"$ref":"no.json"}"#, options: options)
    #expect(missing?.code == .unresolvedReference)
  }

  @Test func metaschemasParseAndApply() throws {
    for draft in SchemaDraft.allCases {
      let fixture = try SchemaFixture(
        #"{"$schema":"\#(draft.metaschema)","$ref":"\#(draft.metaschema)"}"#)
      #expect(fixture.verdict(on: #"{"properties":{"a":{"minLength":1}}}"#) == true)
      #expect(fixture.verdict(on: #"{"properties":{"a":{"minLength":-1}}}"#) == false)
    }
  }
}
