import Schemas
import Testing

@Suite struct ShapeTests {
  static let answer = """
    {"type": "object", "additionalProperties": false, "required": ["summary", "topic"],
     "properties": {"summary": {"type": "string"}, "topic": {"enum": ["a", "b"]},
       "questions": {"type": "array", "items": {"type": "object", "properties": {"text": {}}}},
       "any": true,
       "ref": {"$ref": "#/$defs/point"},
       "either": {"anyOf": [{"properties": {"left": {}}}, {"properties": {"right": {}}}]}},
     "$defs": {"point": {"type": "object", "properties": {"x": {"type": "number"}},
       "unevaluatedProperties": false}}}
    """

  @Test(
    arguments: [
      ([], true), (["summary"], true), (["sumary"], false), (["summary", "length"], false),
      (["topic", "x"], false), (["questions", "0", "text"], true),
      (["questions", "*", "text"], true),
      (["questions", "text"], false), (["questions", "0", "other"], nil), (["any", "deep"], nil),
      (["ref", "x"], true), (["ref", "y"], false), (["ref", "x", "z"], false),
      (["either", "left"], true), (["either", "other"], nil),
    ] as [([String], Bool?)])
  func paths(_ path: [String], _ expected: Bool?) throws {
    #expect(try SchemaFixture(Self.answer).schema.knows(path: path) == expected)
  }

  @Test func names() throws {
    let schema = try SchemaFixture(Self.answer).schema
    #expect(
      schema.propertyNames() == ["summary", "topic", "questions", "any", "ref", "either"])
    #expect(schema.propertyNames(at: ["ref"]) == ["x"])
    #expect(schema.propertyNames(at: ["questions", "0"]) == ["text"])
    #expect(schema.propertyNames(at: ["either"]) == ["left", "right"])
    #expect(schema.propertyNames(at: ["nowhere"]) == [])
  }

  @Test func openSchemas() throws {
    #expect(try SchemaFixture(#"{"properties":{"a":{}}}"#).schema.knows(path: ["b"]) == nil)
    #expect(try SchemaFixture(#"{"required":["a"]}"#).schema.knows(path: ["a"]) == true)
    #expect(try SchemaFixture("false").schema.knows(path: ["a"]) == false)
    #expect(
      try SchemaFixture(#"{"patternProperties":{"^x":{}},"additionalProperties":false}"#)
        .schema.knows(path: ["xy"]) == true)
  }
}
