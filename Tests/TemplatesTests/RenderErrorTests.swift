import Templates
import Testing

@Suite struct RenderErrorTests {
  @Test(arguments: [
    ("{{ missing }}", "1:4 undefined-name 'missing' is not defined"),
    ("a\n {{ user.nam }}", "2:10 undefined-name a mapping has no member 'nam'"),
    ("{{ user.name.x }}", "1:14 undefined-name text has no member 'x'"),
    ("{{ 1 + 'a' }}", "1:6 wrong-type '+' cannot be applied to an integer and text"),
    ("{{ 1 / 0 }}", "1:6 bad-value a number is divided by zero"),
    ("{% for x in n %}{% endfor %}", "1:4 wrong-type an integer cannot be walked over"),
    ("{% for x in user.items %}{% endfor %}", "1:4 wrong-type items is a method here, not a list"),
    ("{{ user.items }}", "1:9 unsupported-operation items is a method here and cannot be printed"),
    ("{{ tags|map('upper') }}", "1:9 unsupported-operation a generator cannot be printed"),
    (
      "{{ tags.append(1) }}",
      "1:15 unsupported-operation 'append' would change the record, which is not supported"
    ),
    ("{{ n() }}", "1:5 wrong-type an integer cannot be called"),
    (
      "{% macro m(a) %}{% endmacro %}{{ m(1, 2) }}",
      "1:35 wrong-argument the macro 'm' takes not more than 1 argument(s)"
    ),
    ("{% set user.name = 1 %}", "1:8 wrong-type only the members of a namespace can be assigned"),
    ("{{ [1, 'a']|sort }}", "1:13 wrong-type text and an integer cannot be compared with '<'"),
  ])
  func failuresAreNamedWithTheirPlace(_ template: String, _ expected: String) throws {
    let record = #"{"user":{"name":"N"},"n":1,"tags":["a"]}"#
    let error = try #require(try renderError(template, record))
    #expect("\(error.line):\(error.column) \(error.code) \(error.sentence)" == expected)
  }

  @Test(arguments: [
    "{% for i in range(10 ** 9) %}{% endfor %}", "{{ range(10 ** 9)|list }}",
    "{{ range(10 ** 9)|sum }}",
    "{{ 'a' * 10 ** 9 }}", "{{ [1] * 10 ** 9 }}", "{{ 'a'|center(10 ** 9) }}",
    "{{ '%999999999d' % 1 }}",
    "{{ '{:999999999}'.format(1) }}", "{{ 2 ** (10 ** 6) }}", "{{ 'a'.ljust(10 ** 9) }}",
    "{{ 'a\n'|indent(10 ** 9) }}",
    "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "{% for x in [1] recursive %}{{ loop([1]) }}{% endfor %}",
    "{% set ns = namespace(s='x') %}{% for i in range(64) %}{% set ns.s = ns.s ~ ns.s %}{% endfor %}",
    "{% set ns = namespace(s=['x']) %}{% for i in range(64) %}{% set ns.s = ns.s + ns.s %}{% endfor %}",
    "{% set ns = namespace(s='x') %}{% for i in range(64) %}{% set ns.s = ns.s|replace('x', 'xxxx') %}{% endfor %}",
    "{% set l = [] %}{{ l.append(l) }}{{ l }}",
    "{% for i in range(1000) %}{% for j in range(1001) %}{% endfor %}{% endfor %}",
    "{{ '\\t'.expandtabs(10 ** 9) }}", "{{ 1|round(10 ** 9) }}",
    "{{ {}|tojson(10 ** 9) }}{{ [[1]]|tojson(10 ** 9) }}",
    "{{ [1]|batch(10 ** 9, 'x')|list }}", "{{ 'x'.join(range(10 ** 8)|map('string')) }}",
    "{% include 'self' %}",
  ])
  func bombsAreStopped(_ template: String) throws {
    var environment = TemplateEnvironment(loader: { _ in "{% include 'self' %}" })
    environment.limits.outputByteCount = 1 << 20
    #expect(try renderError(template, in: environment) != nil)
  }

  @Test func limitsAreConfigurable() throws {
    var environment = TemplateEnvironment()
    environment.limits = RenderLimits(outputByteCount: 10, iterationCount: 5, depth: 2)
    #expect(try renderError("01234567890", in: environment)?.code == "limit-exceeded")
    #expect(try renderError("{% for i in range(6) %}{% endfor %}", in: environment) != nil)
    #expect(try rendered("{% for i in range(4) %}{{ i }}{% endfor %}", in: environment) == "0123")
  }

  @Test func anErrorInAnIncludedFileNamesTheFile() throws {
    var environment = TemplateEnvironment()
    environment.loader = { _ in "line\n{{ x }}" }
    let error = try #require(try renderError("{% include 'inc.txt' %}", in: environment))
    #expect(error.name == "inc.txt")
    #expect(error.line == 2)
  }
}
