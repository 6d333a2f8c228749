import Templates
import Testing

@Suite struct TemplateErrorTests {
  @Test(arguments: [
    ("{{ a", "1:1 unclosed-tag this tag is never closed (end it with }})"),
    (
      "x\n{% if a %}b",
      "2:4 unclosed-tag 'if' is never closed (end it with {% elif %} or {% else %} or {% endif %})"
    ),
    ("{{ (a }}", "1:7 template-syntax '}' stands where ')' is expected"),
    ("{{ [1, 2 }}", "1:10 template-syntax '}' stands where ']' is expected"),
    ("{# never", "1:1 unclosed-tag this comment is never closed (end it with #})"),
    ("{{ 'abc }}", "1:4 template-syntax this string is never closed"),
    ("{% fro x in y %}{% endfor %}", "1:4 unknown-tag there is no tag 'fro' (did you mean 'for'?)"),
    ("{% endif %}", "1:4 template-syntax 'endif' stands where nothing waits for it"),
    (
      "{% for x in y %}{% endif %}",
      "1:20 template-syntax 'endif' stands where nothing waits for it (next must come {% endfor %} or {% else %})"
    ),
    ("{{ a|uper }}", "1:6 unknown-filter there is no filter 'uper' (did you mean 'upper'?)"),
    ("{{ a is defned }}", "1:9 unknown-test there is no test 'defned' (did you mean 'defined'?)"),
    (
      "{{ a|replace('x') }}",
      "1:6 filter-arguments the filter 'replace' needs the argument 'new' (it takes: old, new, count)"
    ),
    ("{{ a|upper(1) }}", "1:6 filter-arguments the filter 'upper' takes no arguments"),
    (
      "{{ a|map('uppr') }}", "1:10 unknown-filter there is no filter 'uppr' (did you mean 'upper'?)"
    ),
    (
      "{{ a|random }}",
      "1:6 unsupported-feature 'random' is not supported: an answer's identity needs the same render every time"
    ),
    (
      "{{ lipsum() }}",
      "1:4 unsupported-feature 'lipsum' is not supported: an answer's identity needs the same render every time"
    ),
    (
      "{{ a.__class__ }}",
      "1:6 unsupported-feature the inner members of Python ('__class__') are not supported"
    ),
    ("{{ }}", "1:4 template-syntax an expression is expected here, not '}}'"),
    ("{{ a b }}", "1:6 template-syntax '}}' is expected here, not 'b'"),
    ("é {{ a $ }}", "1:8 template-syntax the character '$' cannot stand here"),
    ("{% set true = 1 %}", "1:8 template-syntax nothing can be assigned to 'true'"),
    ("{% break %}", "1:4 template-syntax 'break' stands outside of a loop"),
    (
      "{% include 'gone' %}",
      "1:12 missing-template there is no file 'gone' (no files can be included here)"
    ),
    (
      "{% include name %}",
      "1:12 unsupported-feature a file name that is known only when the template runs is not supported (write the name itself, in quotes)"
    ),
  ])
  func mistakesAreNamedWithTheirPlace(_ template: String, _ expected: String) throws {
    let error = try #require(compileError(template))
    let hint = error.hint.map { " (\($0))" } ?? ""
    #expect("\(error.line):\(error.column) \(error.code) \(error.sentence)\(hint)" == expected)
  }

  @Test func featuresThatAreRefusedAreNamed() {
    for template in [
      "{% autoescape true %}x{% endautoescape %}", "{% extends 'x' %}",
      "{% block b %}{% endblock %}", "{% trans %}x{% endtrans %}",
    ] {
      #expect(compileError(template)?.code == "unsupported-feature")
    }
  }

  @Test func anErrorInAnIncludedFileNamesTheFile() {
    var environment = TemplateEnvironment()
    environment.loader = { _ in "line\n{{ x|nope }}" }
    let error = compileError("{% include 'inc.txt' %}", in: environment)
    #expect(error?.name == "inc.txt")
    #expect(error?.line == 2)
  }

  @Test func deepNestingIsRefused() {
    let deep = String(repeating: "(", count: 5000) + "1" + String(repeating: ")", count: 5000)
    #expect(compileError("{{ \(deep) }}")?.code == "template-syntax")
    #expect(compileError("{{ \(String(repeating: "-", count: 5000))1 }}") != nil)
    #expect(compileError("{{ \(String(repeating: "not ", count: 5000))1 }}") != nil)
    let blocks =
      String(repeating: "{% if a %}", count: 5000) + String(repeating: "{% endif %}", count: 5000)
    #expect(compileError(blocks) != nil)
    for link in ["+1", "*1", "**1", " or 1", " and 1", " if 1", ".a", "[0]", "|upper", "()"] {
      #expect(compileError("{{ 1\(String(repeating: link, count: 5000)) }}") != nil)
    }
  }
}
