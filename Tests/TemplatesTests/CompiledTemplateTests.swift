import Records
import Testing

@testable import Templates

@Suite struct CompiledTemplateTests {
  @Test func fieldsPrintAsPythonPrintsThem() throws {
    let record = """
      {"s":"a\\"b\\n","i":12,"f":1.0,"e":1e16,"z":-0,"n":null,"t":true,"l":[1,"x",null,2.50],"o":{"k":"it's"}}
      """
    #expect(try rendered("{{ s }}", record) == "a\"b\n")
    #expect(
      try rendered("{{ i }} {{ f }} {{ e }} {{ z }} {{ n }} {{ t }}", record)
        == "12 1.0 1e+16 0 None True")
    #expect(try rendered("{{ l }} {{ o }}", record) == "[1, 'x', None, 2.5] {'k': \"it's\"}")
  }

  @Test func variablesDoNotOutliveTheirRecord() throws {
    let template = try CompiledTemplate(
      """
      {% if a is defined %}{% set x = a %}{% endif %}{{ x|default('none') }}
      {%- macro twice() %}{{ x }}{{ x }}{% endmacro %}
      {%- if a is defined %}{{ twice() }}{% endif %}
      """, name: "t", in: TemplateEnvironment())
    var renderer = Renderer()
    func rendered(_ record: String) throws -> String {
      var output = ByteBuffer()
      try withScope(record) { scope in
        try template.render(scope, using: &renderer, into: &output, escaping: .none)
      }
      return output.text
    }
    for _ in 0..<3 {
      #expect(try rendered(#"{"a":"first"}"#) == "firstfirstfirst")
      #expect(try rendered("{}") == "none")
      // The macro in it, which holds it, is let go of.
      #expect(renderer.mainFrame != nil && isKnownUniquelyReferenced(&renderer.mainFrame))
    }
  }

  @Test func integersOfAnySizeAreExact() throws {
    let record = #"{"big":123456789012345678901234567890}"#
    #expect(try rendered("{{ big }}", record) == "123456789012345678901234567890")
    #expect(try rendered("{{ big + 1 }}", record) == "123456789012345678901234567891")
    #expect(try rendered("{{ 2 ** 100 // 3 }}") == "422550200076076467165567735125")
    #expect(try rendered("{{ 9223372036854775807 + 1 }}") == "9223372036854775808")
  }

  /// What Jinja2 3.1.6 on Python 3.11 makes of them.
  @Test(arguments: [
    ("{{ 0 / -3 }} {{ 0 // -3 }} {{ 0 / 3 }}", "-0.0 0 0.0"),
    ("{{ 2.5|round(none) }} {{ 3.5|round(none, 'common') }} {{ 7|round(none) }}", "2 4 7"),
    ("{{ '3.7'|int(base=1) }} {{ 'x'|int(5, 99) }}", "3 5"),
    ("{{ '٣٤'|int }} {{ '۵.٢'|float }} {{ '1２'|int }} {{ '²'|int }}", "34 5.2 12 0"),
    ("{{ ''|wordwrap(0) }}|", "|"),
    (
      "{{ 'upper' is filter }} {{ 'random' is filter }} {{ 5 is filter }} {{ 'odd' is test }}",
      "True True False True"
    ),
  ])
  func oddities(_ template: String, _ expected: String) throws {
    #expect(try rendered(template) == expected)
  }

  @Test(arguments: ["{{ 1 is equalto(other=1) }}", "{{ self }}", "{{ self.x() }}"])
  func oddMistakesAreFoundWhenCompiled(_ template: String) {
    #expect(compileError(template) != nil)
  }

  @Test(arguments: ["{{ [1] is filter }}", "{{ {} is test }}", "{{ dict(nothing) }}"])
  func oddMistakesAreFoundWhenRendered(_ template: String) {
    #expect(throws: RenderError.self) { try rendered(template) }
  }

  @Test func jsonEscapingEscapesLiteralsAndValues() throws {
    let text = try rendered(
      "say \"{{ s }}\"\n{{ s|upper }}", #"{"s":"a\"é\n"}"#, escaping: .json)
    #expect(text == #"say \"a\"é\n\"\nA\"É\n"#)
  }

  @Test func escapesOfTheSourceBecomeCanonical() throws {
    #expect(try rendered("{{ s }}", #"{"s":"\u0041\/\u00e9"}"#, escaping: .json) == "A/é")
  }

  @Test func namesAreBytes() throws {
    let record = "{\"e\u{301}\":\"decomposed\",\"\u{E9}\":\"composed\"}"
    #expect(try rendered("{{ \u{E9} }}|{{ record['e\u{301}'] }}", record) == "composed|decomposed")
  }

  @Test func rootsWinOverFieldsAndFieldsOverFunctions() throws {
    let record = #"{"output":"field","range":"mine","record":1}"#
    let roots: KeyValuePairs<String, String> = ["output": #"{"summary":"S"}"#]
    #expect(
      try rendered("{{ output.summary }} {{ record.output }} {{ range }}", record, roots: roots)
        == "S field mine")
  }

  @Test func aRootThatIsNotInScopeIsUndefined() throws {
    var environment = TemplateEnvironment(roots: ["item", "output"])
    environment.undefinedNames = .strict
    let compiled = try CompiledTemplate("{{ output is defined }}", name: "t", in: environment)
    var renderer = Renderer()
    var text = ByteBuffer()
    try withScope("{}") { scope in
      try compiled.render(scope, using: &renderer, into: &text, escaping: .none)
    }
    #expect(text.text == "False")
  }

  @Test func oneRendererServesManyTemplatesAndRecords() throws {
    let first = try CompiledTemplate("{{ a }}-{{ b }}", name: "1", in: TemplateEnvironment())
    let second = try CompiledTemplate("{{ b }}", name: "2", in: TemplateEnvironment())
    var renderer = Renderer()
    var text = ByteBuffer()
    for record in [#"{"a":1,"b":2}"#, #"{"b":3,"x":0,"a":4}"#, #"{"a":"b","b":"a"}"#] {
      try withScope(record) { scope in
        try first.render(scope, using: &renderer, into: &text, escaping: .none)
        try second.render(scope, using: &renderer, into: &text, escaping: .none)
      }
      text.append(0x20)
    }
    #expect(text.text == "1-22 4-33 b-aa ")
  }

  @Test func newlinesAreNormalisedAndTheLastOneGoes() throws {
    #expect(try rendered("a\r\nb\rc\n") == "a\nb\nc")
    #expect(try rendered("a\n\n") == "a\n")
  }

  @Test func includedFilesAreReadWhenCompiled() throws {
    let files = [
      "head.txt": "# {{ title }}\n", "lib.txt": "{% macro q(x) %}«{{ x }}»{% endmacro %}",
    ]
    let environment = TemplateEnvironment(loader: { files[$0] })
    let template = """
      {% include "head.txt" %}{% from "lib.txt" import q %}{{ q(title) }}
      """
    #expect(try rendered(template, #"{"title":"T"}"#, in: environment) == "# T«T»")
  }

  @Test func tokensAreCountedByCharacters() throws {
    #expect(try rendered("{{ 'abcdefghi'|tokens }}") == "3")
    #expect(try rendered("{{ 'abcdefghi'|truncate_tokens(2) }}") == "abcdefgh")
    #expect(try rendered("{{ 'äbcdefghi'|truncate_tokens(1, '…') }}") == "äbcd…")
    #expect(try rendered("{{ 'abc'|truncate_tokens(1, '…') }}") == "abc")
    var environment = TemplateEnvironment()
    environment.charactersPerToken = 3
    #expect(try rendered("{{ 'abcdefghi'|tokens }}", in: environment) == "3")
    #expect(try rendered("{{ 'abcdefghij'|tokens }}", in: environment) == "4")
  }
}
