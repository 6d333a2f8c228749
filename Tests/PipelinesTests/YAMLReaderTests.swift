import Records
import Testing

@testable import Pipelines

@Suite struct YAMLReaderTests {
  private func read(_ text: String) throws -> YAMLNode {
    try YAMLReader.read(Array(text.utf8), file: "p.yaml").0
  }

  private func problems(_ text: String) -> [String] { problems(Array(text.utf8)) }

  private func problems(_ bytes: [UInt8]) -> [String] {
    do {
      _ = try YAMLReader.read(bytes, file: "p.yaml")
      return []
    } catch {
      return error.diagnostics.map(\.description)
    }
  }

  @Test func everyValueHasItsPlace() throws {
    let root = try read("a: 1\nb:\n  c: [x, 'y']\n")
    #expect(root.pair("b")?.place == Place(line: 2, column: 1))
    #expect(root["b"]?.place == Place(line: 3, column: 3))
    #expect(root["b"]?["c"]?.elements?[1].place == Place(line: 3, column: 10))
  }

  @Test(arguments: [
    ("no", JSONValue.string("no")), ("on", .string("on")), ("010", .string("010")),
    ("1e3", .number("1e3")), ("1.50", .number("1.50")), ("-0", .number("-0")),
    ("+1", .string("+1")),
    (".5", .string(".5")), ("0x1F", .string("0x1F")), ("1_000", .string("1_000")),
    ("2026-11-20", .string("2026-11-20")), ("true", .bool(true)), ("True", .bool(true)),
    ("~", .null), ("null", .null), ("'null'", .string("null")), ("\"1\"", .string("1")),
    ("!!str 1", .string("1")), (".inf", .string(".inf")), ("12:30:45", .string("12:30:45")),
  ])
  func scalarsAreWhatTheyLookLike(_ text: String, _ value: JSONValue) throws {
    #expect(try read("v: \(text)")["v"]?.json == value)
    #expect(
      try read("v: \(text)")["v"]?.scalar?.text
        == text.filter { $0 != "'" && $0 != "\"" }
        .replacing("!!str ", with: ""))
  }

  @Test func textKeepsItsSpelling() throws {
    let root = try read("model: 1e3\nname: no\n")
    #expect(root["model"]?.scalar?.text == "1e3")
    #expect(root["name"]?.scalar?.text == "no")
  }

  @Test func repeatedKeysAreAllNamedWithBothLines() {
    #expect(
      problems("a: 1\nb: {x: 1, y: 2, x: 3}\na: 2\n\"a\": 3\n") == [
        """
        p.yaml:2:17: error[duplicate-key]: the key 'x' stands twice in one mapping, first on line 2
          hint: keep one of the two
        """,
        """
        p.yaml:3:1: error[duplicate-key]: the key 'a' stands twice in one mapping, first on line 1
          hint: keep one of the two
        """,
        """
        p.yaml:4:1: error[duplicate-key]: the key 'a' stands twice in one mapping, first on line 1
          hint: keep one of the two
        """,
      ])
  }

  @Test func aliasesAndMergeKeysWork() throws {
    let root = try read("a: &a {x: 1, y: 2}\nb:\n  <<: *a\n  y: 3\nc: *a\n")
    #expect(root["b"]?["x"]?.scalar?.text == "1")
    #expect(root["b"]?["y"]?.scalar?.text == "3")
    #expect(root["c"]?["y"]?.scalar?.text == "2")
  }

  @Test func anAliasBombIsRefused() {
    var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    for level in 1...9 {
      let aliases = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
      text += "a\(level): &a\(level) [\(aliases)]\n"
    }
    #expect(problems(text).count == 1)
    #expect(problems(text).first?.contains("yaml-unsupported") == true)
  }

  @Test func deepNestingIsRefused() {
    let shallow = String(repeating: "[", count: 500) + String(repeating: "]", count: 500)
    #expect(problems(shallow).first?.contains("nested more than 64 deep") == true)
    let deep = String(repeating: "[", count: 100_000)
    #expect(problems(deep).count == 1)
  }

  @Test func theFileMustBeUTF8() {
    #expect(problems([0xFF, 0xFE, 0x61, 0]).first?.contains("UTF-16") == true)
    #expect(
      problems([0x61, 0x3A, 0x20, 0xC3, 0xA9, 0x0A, 0x62, 0x3A, 0x20, 0xE9]).first?
        .hasPrefix("p.yaml:2:4: error[not-utf8]: byte 0xE9 is not UTF-8") == true)
    #expect(problems("a: \u{0}").first?.hasPrefix("p.yaml:1:4: error[yaml-syntax]") == true)
    #expect(problems([0xEF, 0xBB, 0xBF] + Array("a: [".utf8)).count == 1)
  }

  @Test func byteOrderMarkAndLineEndsDoNotMatter() throws {
    let (root, _) = try YAMLReader.read(
      [0xEF, 0xBB, 0xBF] + Array("a: 1\r\nb: 2\r\n".utf8), file: "p")
    #expect(root.pair("a")?.place == .start)
    #expect(root["b"]?.place == Place(line: 2, column: 4))
    #expect(root["b"]?.scalar?.text == "2")
  }

  @Test(arguments: [
    ("", "1:1: error[empty-file]"), ("# nothing\n", "1:1: error[empty-file]"),
    ("a: 1\n---\nb: 2\n", "2:1: error[yaml-syntax]: a pipeline file holds one YAML document"),
    ("a:\n\tb: 1\n", "2:1: error[yaml-syntax]: a tab cannot indent YAML"),
    ("a: b: c\n", "1:5: error[yaml-syntax]: a ':' cannot stand here"),
    ("a: 'x\nb: 1\n", "1:4: error[yaml-syntax]: this quote is never closed"),
    ("a: \"x\" y\n", "1:8: error[yaml-syntax]: no key stands here"),
    ("a: [1, 2\nb: 1\n", "error[yaml-syntax]"),
    ("prompt: {{ title }}\n", "1:9: error[yaml-syntax]: a value that begins with '{{'"),
    ("a: *x\n", "1:4: error[yaml-syntax]: this alias has no anchor before it"),
    ("a: !!int 3\n", "1:4: error[yaml-unsupported]: the tag '!!int'"),
    ("a: @x\n", "1:4: error[yaml-syntax]: a value cannot begin with '@'"),
    ("? [a]\n: 1\n", "1:3: error[yaml-unsupported]: a key must be text, not a list"),
    ("a:\n  b: 1\n c: 2\n", "3:2: error[yaml-syntax]"),
    ("<<: 1\n", "1:1: error[yaml-unsupported]: '<<' takes"),
  ])
  func brokenYAMLIsExplained(_ text: String, _ expected: String) {
    let found = problems(text)
    #expect(found.count == 1)
    #expect(found.first?.contains(expected) == true, "\(found)")
  }
}
