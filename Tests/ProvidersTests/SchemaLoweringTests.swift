import Records
import Testing

@testable import Providers

struct SchemaLoweringTests {
  private func lower(_ schema: String) throws -> LoweringReport {
    SchemaLowering(try Catalog.builtIn(of: .anthropic).answerSchema).lower(
      try JSONValue(parsing: schema))
  }

  static let table: [(schema: String, lowered: String)] = [
    // What is accepted stays.
    (##"{"type":"string","enum":["a","b"]}"##, ##"{"type":"string","enum":["a","b"]}"##),
    (##"{"const":1}"##, ##"{"const":1}"##),
    (##"{"type":["string","null"]}"##, ##"{"type":["string","null"]}"##),
    (
      ##"{"type":"string","format":"date","title":"T","default":"x"}"##,
      ##"{"type":"string","format":"date","title":"T","default":"x"}"##
    ),
    (
      ##"{"type":"string","pattern":"^[a-z(?=]+$"}"##,
      ##"{"type":"string","pattern":"^[a-z(?=]+$"}"##
    ),
    (
      ##"{"type":"array","items":{"type":"integer"},"minItems":1}"##,
      ##"{"type":"array","items":{"type":"integer"},"minItems":1}"##
    ),
    ("true", "{}"),
    // Objects are closed.
    (
      ##"{"type":"object","properties":{"a":{"type":"string"}},"required":["a"]}"##,
      ##"{"type":"object","properties":{"a":{"type":"string"}},"required":["a"],"additionalProperties":false}"##
    ),
    (
      ##"{"properties":{"a":true},"additionalProperties":true}"##,
      ##"{"properties":{"a":{}},"additionalProperties":false}"##
    ),
    (
      ##"{"type":"object","additionalProperties":false}"##,
      ##"{"type":"object","properties":{},"additionalProperties":false}"##
    ),
    // What is refused is told.
    (
      ##"{"type":"integer","minimum":1,"maximum":5,"description":"Stars."}"##,
      ##"{"type":"integer","description":"Stars.\n\nConstraints: minimum 1, maximum 5."}"##
    ),
    (
      ##"{"type":"string","minLength":3}"##,
      ##"{"type":"string","description":"Constraints: minLength 3."}"##
    ),
    (
      ##"{"type":"array","items":{"type":"string"},"minItems":2,"maxItems":4,"uniqueItems":true}"##,
      ##"{"type":"array","items":{"type":"string"},"minItems":1,"description":"Constraints: minItems 2, maxItems 4, uniqueItems true."}"##
    ),
    (
      ##"{"type":"string","format":"iri"}"##,
      ##"{"type":"string","description":"Constraints: format iri."}"##
    ),
    (
      ##"{"type":"string","pattern":"(?!x)y"}"##,
      ##"{"type":"string","description":"Constraints: pattern (?!x)y."}"##
    ),
    (
      ##"{"type":"string","pattern":"(a)\\1"}"##,
      ##"{"type":"string","description":"Constraints: pattern (a)\\1."}"##
    ),
    (
      ##"{"type":"string","not":{"const":"x"}}"##,
      ##"{"type":"string","description":"Constraints: not {\"const\":\"x\"}."}"##
    ),
    (
      ##"{"$schema":"s","$id":"i","$comment":"c","type":"null","deprecated":true}"##,
      ##"{"type":"null"}"##
    ),
    // Choices.
    (
      ##"{"oneOf":[{"type":"string"},{"type":"object","properties":{}, "additionalProperties":false}]}"##,
      ##"{"anyOf":[{"type":"string"},{"type":"object","properties":{},"additionalProperties":false}]}"##
    ),
    // Branches are merged, since each alone would forbid the other's properties.
    (
      ##"{"allOf":[{"type":"object","properties":{"a":{"type":"string"}},"required":["a"]},{"$ref":"#/$defs/B"}],"$defs":{"B":{"type":"object","properties":{"b":{"type":"string"}},"required":["b"]}}}"##,
      ##"{"type":"object","properties":{"a":{"type":"string"},"b":{"type":"string"}},"required":["a","b"],"additionalProperties":false}"##
    ),
    // References.
    (
      ##"{"type":"array","items":{"$ref":"#/definitions/A"},"definitions":{"A":{"type":"string","maxLength":2},"Unused":{"type":"null"}}}"##,
      ##"{"type":"array","items":{"$ref":"#/$defs/A"},"$defs":{"A":{"type":"string","description":"Constraints: maxLength 2."}}}"##
    ),
    (
      ##"{"type":"object","properties":{"a":{"type":"string"},"b":{"$ref":"#/properties/a"}},"required":["a","b"]}"##,
      ##"{"type":"object","properties":{"a":{"type":"string"},"b":{"type":"string"}},"required":["a","b"],"additionalProperties":false}"##
    ),
    (
      ##"{"$ref":"#/$defs/A","description":"here","$defs":{"A":{"type":"string","description":"there"}}}"##,
      ##"{"type":"string","description":"here"}"##
    ),
    // A list by positions becomes a list of any of them.
    (
      ##"{"type":"array","prefixItems":[{"type":"string"},{"type":"integer"},{"type":"string"}],"items":false}"##,
      ##"{"type":"array","items":{"anyOf":[{"type":"string"},{"type":"integer"}]},"description":"Constraints: prefixItems [{\"type\":\"string\"},{\"type\":\"integer\"},{\"type\":\"string\"}]."}"##
    ),
  ]

  @Test(arguments: Self.table)
  func forms(_ schema: String, _ lowered: String) throws {
    let report = try lower(schema)
    #expect(report.problems == [])
    #expect(report.schema.compact == (try JSONValue(parsing: lowered).compact))
    #expect(report.addedNulls.isEmpty)
  }

  @Test func movedKeywordsAreListed() throws {
    let report = try lower(
      #"{"type":"object","properties":{"a/b":{"type":"string","minLength":1},"c":{"oneOf":[{"type":"null"}]}}}"#
    )
    #expect(
      report.moved == [
        .init(path: "/properties/a~1b", keyword: "minLength", isDescribed: true),
        .init(path: "/properties/c", keyword: "oneOf", isDescribed: false),
      ])
  }

  @Test(arguments: [
    (##"{"type":"object","properties":{"child":{"$ref":"#"}}}"##, ["schema-recursion "]),
    (
      ##"{"$ref":"#/$defs/A","$defs":{"A":{"type":"array","items":{"$ref":"#/$defs/B"}},"B":{"anyOf":[{"$ref":"#/$defs/A"}]}}}"##,
      ["schema-recursion /$defs/A"]
    ),
    (#"{"$ref":"https://example.com/s.json"}"#, ["schema-external-reference "]),
    (##"{"items":{"$ref":"#/$defs/None"}}"##, ["schema-unresolved-reference /items"]),
    (#"{"type":"object"}"#, ["schema-open-object "]),
    (#"{"type":"object","additionalProperties":{"type":"string"}}"#, ["schema-open-object "]),
    (#"{"enum":[{"a":1}]}"#, ["schema-structured-enum /enum"]),
    (#"{"type":"object","properties":{"a":false}}"#, ["schema-impossible /properties/a"]),
    (#"{"type":"object","properties":{"a":{}},"required":["b"]}"#, ["schema-impossible /required"]),
    (#"{"items":7}"#, ["schema-not-a-schema /items"]),
    (#"{"anyOf":[]}"#, ["schema-not-a-schema /anyOf"]),
    ("7", ["schema-not-a-schema "]),
  ])
  func problems(_ schema: String, _ expected: [String]) throws {
    #expect(try lower(schema).problems.map { "\($0.code.rawValue) \($0.path)" } == expected)
  }

  private func object(_ count: Int, _ schema: String, required: Int = 0) -> String {
    let properties = (0..<count).map { "\"p\($0)\":\(schema)" }.joined(separator: ",")
    let names = (0..<required).map { "\"p\($0)\"" }.joined(separator: ",")
    return #"{"type":"object","properties":{\#(properties)},"required":[\#(names)]}"#
  }

  @Test func surplusOptionalPropertiesMayBeNull() throws {
    #expect(try lower(object(24, #"{"type":"string"}"#)).addedNulls.isEmpty)
    let report = try lower(object(26, #"{"type":"string"}"#))
    #expect(report.problems == [])
    #expect(report.schema["required"]?.compact == #"["p0","p1"]"#)
    #expect(report.schema["properties"]?["p0"]?.compact == #"{"type":["string","null"]}"#)
    #expect(report.schema["properties"]?["p2"]?.compact == #"{"type":"string"}"#)

    var tape = JSONTape()
    var copy = JSONTape()
    var answer = #"{"p0":null,"p1":"x","p2":null,"é":"\n"}"#
    try answer.withUTF8 { bytes in
      let view = try tape.parse(bytes)
      #expect(report.addedNulls.occur(in: view))
      copy.beginBuilding()
      report.addedNulls.buildWithout(view, on: &copy)
      #expect(copy.built.text == #"{"p1":"x","p2":null,"é":"\n"}"#)
    }
  }

  @Test func addedNullsAreFoundInListsAndObjects() throws {
    let inner = object(30, #"{"type":"integer"}"#, required: 5)
    let report = try lower(
      #"{"type":"object","properties":{"list":{"type":"array","items":\#(inner)}},"required":["list"]}"#
    )
    #expect(report.problems == [])
    var tape = JSONTape()
    var copy = JSONTape()
    var answer = #"{"list":[{"p5":null,"p6":null},{"p5":1}],"p5":null}"#
    try answer.withUTF8 { bytes in
      let view = try tape.parse(bytes)
      #expect(report.addedNulls.occur(in: view))
      copy.beginBuilding()
      report.addedNulls.buildWithout(view, on: &copy)
      #expect(copy.built.text == #"{"list":[{"p6":null},{"p5":1}],"p5":null}"#)
    }
  }

  @Test func nullsTheUserAllowsStay() throws {
    for schema in [
      #"{"type":["string","null"]}"#, "{}", #"{"enum":["a",null]}"#,
      #"{"anyOf":[{"type":"null"},{"type":"string"}]}"#,
    ] {
      let report = try lower(object(25, schema))
      #expect(report.addedNulls.isEmpty)
      #expect(report.schema["required"]?.compact == #"["p0"]"#)
    }
  }

  @Test(arguments: [
    (
      #"{"type":"string","enum":["a"]}"#,
      #"{"anyOf":[{"type":"string","enum":["a"]},{"type":"null"}]}"#
    ),
    (#"{"anyOf":[{"type":"string"}]}"#, #"{"anyOf":[{"type":"string"},{"type":"null"}]}"#),
    (
      #"{"type":"array","items":{"type":"string"},"maxItems":3}"#,
      #"{"type":["array","null"],"items":{"type":"string"},"description":"Constraints: maxItems 3."}"#
    ),
  ])
  func nullableForms(_ schema: String, _ expected: String) throws {
    let report = try lower(object(25, schema))
    #expect(
      report.schema["properties"]?["p0"]?.compact == (try JSONValue(parsing: expected).compact))
  }

  @Test func limitsThatCannotBeMetAreProblems() throws {
    let unions = try lower(object(17, #"{"type":["string","null"]}"#, required: 17))
    #expect(unions.problems.map(\.code) == [.tooManyUnions])
    let both = try lower(object(60, #"{"type":"string"}"#))
    #expect(both.problems.map(\.code) == [.tooManyUnions])
    let choice = try lower(#"{"anyOf":[\#(object(30, #"{"type":"string"}"#))]}"#)
    #expect(choice.problems.map(\.code) == [.tooManyOptional])
  }
}
