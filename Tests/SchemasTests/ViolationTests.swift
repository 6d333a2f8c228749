import Schemas
import Testing

@Suite struct ViolationTests {
  static let answer = """
    {"type": "object", "additionalProperties": false, "required": ["summary", "topic"],
     "properties": {"summary": {"type": "string", "minLength": 1, "maxLength": 5},
       "topic": {"enum": ["storage", "network"]},
       "score": {"type": "number", "minimum": 0, "exclusiveMaximum": 1, "multipleOf": 0.25},
       "tags": {"type": "array", "items": {"type": "string", "pattern": "^[a-z]+$"}, "minItems": 1,
         "maxItems": 3, "uniqueItems": true, "contains": {"const": "x"}},
       "either": {"anyOf": [{"type": "string"}, {"type": "null"}]},
       "point": {"oneOf": [{"type": "object", "required": ["x"]}, {"type": "null"}]},
       "never": {"not": {"type": "object"}}}}
    """

  @Test(
    arguments: [
      ("[]", ["the value must be an object, not an array"]),
      (
        "{}",
        ["the value lacks the property \"summary\"", "the value lacks the property \"topic\""]
      ),
      (
        #"{"summary":"","topic":"Network"}"#,
        [
          "/summary must have at least 1 character, not 0",
          "/topic must be one of: \"storage\", \"network\"; not \"Network\"",
        ]
      ),
      (
        #"{"summary":"🐲🐲🐲🐲🐲🐲","topic":"network"}"#,
        ["/summary must have at most 5 characters, not 6"]
      ),
      (#"{"summary":"a","topic":"network","extra/1":1}"#, ["/extra~11 is not allowed here"]),
      (
        #"{"summary":"a","topic":"network","score":"1"}"#, ["/score must be a number, not a string"]
      ),
      (
        #"{"summary":"a","topic":"network","score":-0.3}"#,
        ["/score must be at least 0, not -0.3", "/score must be a multiple of 0.25, not -0.3"]
      ),
      (#"{"summary":"a","topic":"network","score":1}"#, ["/score must be less than 1, not 1"]),
      (
        #"{"summary":"a","topic":"network","tags":["x","B","x","x"]}"#,
        [
          "/tags must have at most 3 elements, not 4", "/tags/1 must match the pattern ^[a-z]+$",
          "/tags must not repeat an element: 0 and 2 are equal",
        ]
      ),
      (
        #"{"summary":"a","topic":"network","tags":[]}"#,
        [
          "/tags must have at least 1 element, not 0",
          "/tags needs at least 1 element that fits \"contains\"",
        ]
      ),
      (
        #"{"summary":"a","topic":"network","either":1}"#,
        ["/either must be one of these: a string; null"]
      ),
      (#"{"summary":"a","topic":"network","point":{}}"#, ["/point lacks the property \"x\""]),
      (
        #"{"summary":"a","topic":"network","never":{}}"#,
        ["/never is one of the values that are excluded"]
      ),
    ] as [(String, [String])])
  func sentences(_ value: String, _ expected: [String]) throws {
    #expect(try SchemaFixture(Self.answer).sentences(on: value) == expected)
  }

  @Test func paths() throws {
    let violations = try SchemaFixture(Self.answer).violations(
      on: #"{"summary":"a","tags":["x",1]}"#)
    #expect(violations.map(\.instancePath) == ["/tags/1", ""])
    #expect(violations.map(\.schemaPath) == ["#/properties/tags/items/type", "#/required"])
    #expect(violations.map(\.keyword) == ["type", "required"])
  }

  @Test func limit() throws {
    let fixture = try SchemaFixture(#"{"items":{"type":"null"}}"#)
    #expect(
      try fixture.sentences(on: "[1,2,3,4]", limit: 2) == [
        "/0 must be null, not an integer", "/1 must be null, not an integer",
      ])
  }

  @Test func deepValuesEndInAVerdict() throws {
    let depth = 500
    let value = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    let fixture = try SchemaFixture(##"{"items":{"$ref":"#"}}"##)
    #expect(fixture.verdict(on: value) == true)
    let wide = try SchemaFixture(
      ##"{"items":{"allOf":[{"anyOf":[{"oneOf":[{"$ref":"#"}]}]}]},"unevaluatedItems":false}"##)
    #expect(wide.verdict(on: value) == true)
  }

  @Test func bombsEnd() throws {
    let keys = (0..<20_000).map { "\"k\($0)\":1" }.joined(separator: ",")
    let object = "{\(keys),\"k0\":2}"
    let fixture = try SchemaFixture(
      #"{"patternProperties":{"^k":{"type":"integer"}},"additionalProperties":false,"maxProperties":20000}"#
    )
    #expect(fixture.verdict(on: object) == true)
    let unique = try SchemaFixture(#"{"uniqueItems":true}"#)
    let elements = (0..<20_000).map { "[\($0)]" }.joined(separator: ",")
    #expect(unique.verdict(on: "[\(elements)]") == true)
  }
}
