import Records
import Schemas
import Testing

@Suite struct PatternTests {
  private static func fixture(_ pattern: String) throws -> SchemaFixture {
    try SchemaFixture(#"{"pattern": \#(JSONValue.string(pattern).compact)}"#)
  }

  @Test(
    arguments: [
      ("b", ["abc", "b"], ["ac", ""]),
      ("^b", ["bc"], ["ab"]),
      ("b$", ["ab"], ["b\n", "bc"]),
      ("^(?:a|bc)*$", ["", "abca"], ["ab", "c"]),
      ("^a{2,3}$", ["aa", "aaa"], ["a", "aaaa"]),
      ("^(a?){3}$", ["", "aaa"], ["aaaa"]),
      ("^.$", ["é", "🐲"], ["", "\n", "\u{2028}", "ab"]),
      ("^[^]$", ["\n", "🐲"], ["", "ab"]),
      ("[]", [], ["", "a"]),
      ("^[a-c\\d_-]+$", ["a-1_"], ["d", "é"]),
      ("^\\w+$", ["aZ_9"], ["é", "-"]),
      ("^\\s$", [" ", "\u{FEFF}", "\u{A0}", "\u{2029}"], ["\u{200B}", "a"]),
      ("\\bfoo\\b", ["a foo b", "foo"], ["food", "_foo"]),
      ("^\\p{Lu}\\p{Ll}+$", ["Ärger", "Ωμ"], ["ärger", "A1"]),
      ("^\\p{Script=Cyrillic}+$", ["Привет"], ["Hallo"]),
      ("^[\\p{L}\\p{Nd}]+$", ["a৪"], ["a-"]),
      ("^\\P{L}+$", ["1-"], ["a1"]),
      ("^\\u{1F432}\\ud83d\\udc32\\x41\\u0042\\t\\cJ\\0$", ["🐲🐲AB\t\n\0"], ["🐲AB"]),
      ("^(?=.*\\d)(?=.*[a-z]).{3,}$", ["a1b", "1a!"], ["abc", "123", "a1"]),
      ("^(?!.*\\.\\.)[a-z.]+$", ["a.b"], ["a..b"]),
      ("(?<=\\$)\\d+(?!\\d|€)", ["$12", "$12x"], ["12", "€12", "$12€"]),
      ("^(?<!a)b(?<=b)c$", ["bc"], ["abc"]),
      ("^(?:(?!ab(?=c)).)*$", ["abd", ""], ["xabc"]),
      ("^[\\-\\_\\@]\\_\\@$", ["-_@"], ["a_@"]),
      ("^{a}]$", ["{a}]"], ["a"]),
      ("^(?<year>\\d{4})-(?:0[1-9]|1[0-2])$", ["2026-12"], ["2026-13"]),
    ] as [(String, [String], [String])])
  func matching(_ pattern: String, _ right: [String], _ wrong: [String]) throws {
    let fixture = try Self.fixture(pattern)
    for text in right {
      #expect(fixture.verdict(on: text.debugJSON) == true, "\(pattern) on \(text.debugJSON)")
    }
    for text in wrong {
      #expect(fixture.verdict(on: text.debugJSON) == false, "\(pattern) on \(text.debugJSON)")
    }
  }

  @Test(arguments: [
    "(", ")", "[a", "a**", "*", "a{2,1}", "[z-a]", "\\", "\\Z", "\\a", "\\u12", "\\u{110000}",
    "\\x1", "\\c1", "\\p{Nonsense}", "\\pL", "(?<a>x)(?<a>y)", "(?<1>x)", "\\1", "(?i)x", "(?#x)",
    "^*", "\\01", "(?=a)*",
  ])
  func mistakes(_ pattern: String) throws {
    let schema = #"{"pattern": \#(JSONValue.string(pattern).compact)}"#
    #expect(try SchemaFixture.error(schema)?.code == .badPattern)
  }

  @Test(arguments: [
    "(a)\\1", "(?<n>a)\\k<n>", "(?i:a)", "\\p{scx=Greek}", "(?:a{1000}){1000}",
    "\\p{Script=Linear_B}",
  ])
  func refusals(_ pattern: String) throws {
    let schema = #"{"pattern": \#(JSONValue.string(pattern).compact)}"#
    #expect(try SchemaFixture.error(schema)?.code == .unsupportedPattern)
  }

  @Test func noTextMakesASearchSlow() throws {
    for pattern in ["^(a+)+$", "^(a|a)*$", "^(a?){50}a{50}$", "(x+x+)+y", "^(?=(a+)+b)a"] {
      let fixture = try Self.fixture(pattern)
      #expect(fixture.verdict(on: (String(repeating: "a", count: 20_000) + "!").debugJSON) == false)
    }
  }
}
