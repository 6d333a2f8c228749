import Templates
import Testing

@Suite struct FieldReadsTests {
  private func reads(_ template: String, files: [String: String] = [:]) throws -> FieldReads {
    var environment = TemplateEnvironment(roots: ["output", "stages"])
    environment.loader = { files[$0] }
    return try CompiledTemplate(template, name: "prompt", in: environment).reads
  }

  private func fields(_ template: String, files: [String: String] = [:]) throws -> [String] {
    try reads(template, files: files).fields.map { $0.isOptional ? $0.name + "?" : $0.name }
  }

  private func paths(_ template: String) throws -> [String] {
    try reads(template).paths.map {
      ([$0.root] + $0.members).joined(separator: ".") + ($0.isOptional ? "?" : "")
    }
  }

  @Test func fieldsAreNotedOnceWithTheirFirstPlace() throws {
    let reads = try reads("Hi\n{{ title }} {{ text|upper }}\n{{ title }}")
    #expect(reads.fields.map(\.name) == ["title", "text"])
    #expect(reads.fields.map(\.line) == [2, 2])
    #expect(reads.fields.map(\.column) == [4, 16])
    #expect(reads.fields.map(\.template) == ["prompt", "prompt"])
    #expect(!reads.usesWholeRecord)
  }

  @Test(arguments: [
    ("{{ a|default('x') }}", ["a?"]), ("{{ a|d('x') }}{{ a }}", ["a"]),
    ("{% if a is defined %}{{ a }}{% endif %}", ["a?"]),
    ("{% if a is defined and a > 1 %}{{ a }}{% endif %}{{ b }}", ["a?", "b"]),
    ("{% if a is not defined %}-{% else %}{{ a }}{% endif %}", ["a?"]),
    ("{{ a if a is defined else b }}", ["a?", "b"]),
    ("{% if a is undefined or a %}x{% endif %}", ["a?"]),
    ("{% for x in rows %}{{ x.name }}{{ loop.index }}{% endfor %}", ["rows"]),
    ("{% set a = b %}{{ a }}", ["b"]),
    ("{% macro m(x) %}{{ x }}{{ y }}{% endmacro %}{{ m(z) }}", ["y", "z"]),
    ("{% with a = b %}{{ a }}{{ c }}{% endwith %}", ["b", "c"]), ("{{ range(n) }}", ["n"]),
    ("{{ record.title }}{{ record['text'] }}", ["title", "text"]), ("{{ user.name }}", ["user"]),
    ("{{ names|join(sep) }}", ["names", "sep"]),
    ("{{ text.split(sep)[at] }}", ["text", "sep", "at"]),
  ])
  func fieldsThatAreRead(_ template: String, _ expected: [String]) throws {
    #expect(try fields(template).sorted() == expected.sorted())
  }

  @Test(arguments: [
    ("{{ output.summary }}", ["output.summary"]), ("{{ output['a'].b }}", ["output.a.b"]),
    ("{{ output.summary.split() }}", ["output.summary"]), ("{{ output }}", ["output"]),
    ("{{ output.note|default('') }}", ["output.note?"]), ("{{ output.items() }}", ["output"]),
    ("{{ stages.first.output.x }}", ["stages.first.output.x"]),
    ("{% if output.x is defined %}{{ output.x.y }}{% endif %}", ["output.x?", "output.x.y?"]),
    ("{{ output[key] }}", ["output"]),
    ("{% for q in output.list %}{{ q.a }}{% endfor %}", ["output.list", "output.list.*.a"]),
    ("{% for q in output.list[:2]|sort %}{{ q }}{% endfor %}", ["output.list", "output.list.*"]),
    (
      "{% for q in output.a %}{% for r in q.b %}{{ r.c }}{% endfor %}{% endfor %}",
      ["output.a", "output.a.*.b", "output.a.*.b.*.c"]
    ),
    ("{% for q in output.a %}{% set q = 1 %}{{ q.x }}{% endfor %}", ["output.a"]),
    ("{% for q in output.a %}{% endfor %}{% for q in b %}{{ q.x }}{% endfor %}", ["output.a"]),
    ("{% for k, v in output.items() %}{{ v.x }}{% endfor %}", ["output"]),
    ("{{ output.a|map(attribute='x.y')|join }}", ["output.a", "output.a.*.x.y"]),
    ("{{ output.a|selectattr('x')|sum('n') }}", ["output.a", "output.a.*.x?", "output.a.*.n"]),
    (
      "{% for q in output.a if q.x is defined %}{{ q.x }}{% endfor %}",
      ["output.a", "output.a.*.x"]
    ),
  ])
  func pathsBelowRoots(_ template: String, _ expected: [String]) throws {
    #expect(try paths(template) == expected)
  }

  @Test func theWholeRecordIsNoted() throws {
    #expect(try reads("{{ record|tojson }}").usesWholeRecord)
    #expect(try reads("{% for k in record %}{{ record[k] }}{% endfor %}").usesWholeRecord)
    #expect(try !reads("{{ record.a }}").usesWholeRecord)
  }

  @Test func includedFilesReadTooAndSayWhere() throws {
    let files = ["foot": "\n{{ source }}{{ given }}"]
    let reads = try reads("{% set given = 1 %}{% include 'foot' %}", files: files)
    let source = try #require(reads.fields.first { $0.name == "source" })
    #expect(source.template == "foot")
    #expect(source.line == 2)
    #expect(!source.isOptional)
    #expect(reads.fields.first { $0.name == "given" }?.isOptional ?? true)
  }

  @Test func expressionsReadToo() throws {
    let environment = TemplateEnvironment(roots: ["output"])
    let reads = try CompiledExpression(
      "output.topic != 'x' and lang == 'en'", name: "where", in: environment
    ).reads
    #expect(reads.fields.map(\.name) == ["lang"])
    #expect(reads.paths.map(\.members) == [["topic"]])
  }
}
