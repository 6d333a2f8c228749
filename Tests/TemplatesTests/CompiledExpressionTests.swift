import Records
import Templates
import Testing

@Suite struct CompiledExpressionTests {
  private func value(_ expression: String, _ record: String = "{}") throws -> String {
    let compiled = try CompiledExpression(expression, name: "set", in: TemplateEnvironment())
    var renderer = Renderer()
    var tape = JSONTape()
    tape.beginBuilding()
    tape.beginObject()
    tape.buildKey("value")
    try withScope(record) { try compiled.evaluate($0, using: &renderer, into: &tape) }
    tape.end()
    var text = ByteBuffer()
    tape.built.appendJSON(to: &text)
    return text.text
  }

  private func isTrue(_ expression: String, _ record: String = "{}") throws -> Bool {
    let compiled = try CompiledExpression(expression, name: "where", in: TemplateEnvironment())
    var renderer = Renderer()
    return try withScope(record) { try compiled.isTrue($0, using: &renderer) }
  }

  @Test(arguments: [
    ("1 + 1", #"{"value":2}"#), ("1 / 2", #"{"value":0.5}"#), ("none", #"{"value":null}"#),
    ("a", #"{"value":"é\n"}"#), ("list", #"{"value":[1,1e3,{"k":true}]}"#),
    ("(1, 'x')", #"{"value":[1,"x"]}"#), ("{'a': [a]}", #"{"value":{"a":["é\n"]}}"#),
    ("list|map('string')|first", #"{"value":"1"}"#), ("range(3)", #"{"value":[0,1,2]}"#),
    ("[1, 2]|map('string')", #"{"value":["1","2"]}"#), ("1e16", #"{"value":1e+16}"#),
    ("10 ** 20", #"{"value":100000000000000000000}"#),
  ])
  func valuesBecomeJSON(_ expression: String, _ expected: String) throws {
    #expect(try value(expression, #"{"a":"é\n","list":[1,1e3,{"k":true}]}"#) == expected)
  }

  @Test(arguments: [
    ("lang == 'en'", true), ("score > 0.5 and lang in ['en', 'de']", true), ("not tags", true),
    ("tags", false), ("missing is defined", false), ("lang|length == 3", false),
    ("note is none", true),
  ])
  func conditionsAreTrueOrFalse(_ expression: String, _ expected: Bool) throws {
    #expect(
      try isTrue(expression, #"{"lang":"en","score":0.75,"tags":[],"note":null}"#) == expected)
  }

  @Test(arguments: ["missing", "1e308 * 10", "range", "{(1, 2): 3}"])
  func whatJSONCannotHoldIsAnError(_ expression: String) {
    #expect(throws: RenderError.self) { try value(expression) }
  }

  @Test func anUndefinedConditionIsAnError() {
    #expect(throws: RenderError.self) { try isTrue("missing") }
  }

  @Test func anExpressionEndsWhereItsTextEnds() {
    #expect(throws: TemplateError.self) {
      try CompiledExpression("a b", name: "where", in: TemplateEnvironment())
    }
    #expect(throws: TemplateError.self) {
      try CompiledExpression("{{ a }}", name: "where", in: TemplateEnvironment())
    }
  }
}
