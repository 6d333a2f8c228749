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

  /// What the two spellings of a member bring, with the kind of error.
  @Test(arguments: [
    #"{"a":"é\n\/","b":"x"}"#, #"{"a":null}"#, #"{"a":true}"#, #"{"a":12}"#, #"{"a":1e3}"#,
    #"{"a":[1,1e3,"\u0041"]}"#, #"{"a":{"k":1,"k":2}}"#, #"{"a":1,"a":"last"}"#, #"{"\u0061":"x"}"#,
    #"{"b":1}"#, "[1]", #""text""#, "null", "7",
  ])
  func aMemberIsTheSameHoweverItIsWritten(_ output: String) throws {
    for (path, general) in [
      ("output.a", "output['a']"), ("output", "[output][0]"), ("output.a.k", "output['a']['k']"),
      ("output.items", "output.items"),
    ] {
      #expect(try outcome(path, output) == outcome(general, output), "\(path) of \(output)")
    }
  }

  private func outcome(_ expression: String, _ output: String) throws -> String {
    let environment = TemplateEnvironment(roots: ["output"])
    let compiled = try CompiledExpression(expression, name: "set", in: environment)
    var renderer = Renderer()
    var record = JSONTape()
    var answer = JSONTape()
    var tape = JSONTape()
    tape.beginBuilding()
    return try Array(output.utf8).withUnsafeBufferPointer { bytes in
      try Array("{}".utf8).withUnsafeBufferPointer { empty in
        let scope = TemplateScope(
          record: try record.parse(empty), roots: [try answer.parse(bytes)])
        do throws(RenderError) {
          try compiled.evaluate(scope, using: &renderer, into: &tape)
        } catch {
          return "error[\(error.code)]"
        }
        var text = ByteBuffer()
        tape.built.appendJSON(to: &text)
        return text.text
      }
    }
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
