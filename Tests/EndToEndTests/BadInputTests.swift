import Foundation
import Records
import TestSupport
import Testing

/// The hostile files of the public suites, through the whole program.
@Suite(.enabled(if: SuiteFolder.has("bad-inputs/MANIFEST.json")))
struct BadInputTests {
  /// What a file leads to.
  enum Expectation: Sendable {
    /// The run ends well, with these keys in the output, in this order.
    case keys([String])
    /// The run ends well with so many records.
    case count(Int)
    /// The data is refused with these words, and nothing is sent.
    case refused(String)
  }

  struct Case: Sendable, CustomTestStringConvertible {
    var file: String
    var expectation: Expectation
    var key = "id"
    var prompt = "Say something about: {{ text }}"
    var options = ""

    var testDescription: String { options.isEmpty ? file : "\(file) with \(options)" }

    init(
      _ file: String, _ expectation: Expectation, key: String = "id",
      prompt: String = "Say something about: {{ text }}", options: String = ""
    ) {
      self.file = file
      self.expectation = expectation
      self.key = key
      self.prompt = prompt
      self.options = options
    }
  }

  @Test func rowsThatAreLeftOutAreCountedAndNamed() async throws {
    let bench = try Bench.withTickets(1)
    let rows = (1...9).map { $0 % 3 == 0 ? "\($0),text \($0)" : "\($0)" }
    try bench.write("id,text\n" + rows.joined(separator: "\n") + "\n", to: "tickets.csv")
    try bench.writePipeline(source: "csv: tickets.csv, ragged: skip")
    for _ in 1...2 {
      let run = try await bench.runSmall()
      #expect(run.status == 0, "\(run.said)")
      let words = "left out: 6 rows with other fields than the header (lines 2, 3, 5, 6, 8, …)"
      #expect(run.err.contains(words), "\(run.err)")
      #expect(try await bench.leaven("status", "--sandbox", "small.yaml").out.contains(words))
    }
    let stage = try await bench.status("--sandbox")["stages"]?.array?.first
    #expect(stage?["left_out"]?.compact == #"{"rows":6,"lines":[2,3,5,6,8]}"#)
    #expect(stage?["counts"]?["read"]?.int == 3)
    try bench.write("id,text\n1,one\n", to: "tickets.csv")
    #expect(try await !bench.runSmall().err.contains("left out"))
    #expect(try await bench.status("--sandbox")["stages"]?.array?.first?["left_out"] == .null)
  }

  static let cases = [
    Case("gz-in-gz.csv.gz", .refused("gzip")),
    Case("gz-multimember.csv.gz", .keys(["1", "2", "3"])),
    Case("gz-multimember-empty-middle.csv.gz", .keys(["1", "2", "3"])),
    Case("gz-trailing-zeros.csv.gz", .keys(["1"])),
    Case("gz-truncated.csv.gz", .refused("gz-truncated.csv.gz")),
    Case("gz-bad-crc.csv.gz", .refused("gz-bad-crc.csv.gz")),
    Case("plain-named.csv.gz", .keys(["1"])),
    Case("gz-empty-file.csv.gz", .refused("gz-empty-file.csv.gz")),
    Case("gz-header-flags.csv.gz", .keys(["1"])),
    Case("csv-100k-columns.csv", .count(1), key: "c0", prompt: "Say {{ c99999 }}"),
    Case("csv-10MB-field.csv", .count(2), prompt: "Say {{ text | truncate(100) }}"),
    Case("csv-unterminated-quote-5MB.csv", .refused("csv-unterminated-quote-5MB.csv:2")),
    Case("csv-bom-quoted-header.csv", .keys(["1"]), prompt: "Say {{ record['te\"xt'] }}"),
    Case("csv-utf16le-bom.csv", .refused("UTF-16")),
    Case("csv-utf16le-bom.csv", .keys(["1"]), options: "encoding: utf-16"),
    Case("csv-nul-bytes.csv", .keys(["1", "2"])),
    Case("csv-lfcr-noeol.csv", .keys(["1", "2"])),
    Case("csv-ragged.csv", .refused("csv-ragged.csv:2")),
    Case("csv-ragged.csv", .keys(["3"]), options: "ragged: skip, where: id != ''"),
    Case("csv-formula.csv", .keys(["1", "2", "3"])),
    Case("csv-path-ids.csv", .refused("csv-path-ids.csv")),
    Case("csv-dup-ids.csv", .refused("csv-dup-ids.csv:3")),
    Case("csv-dup-ids.csv", .keys(["1", "01", "1.0", " 1"]), options: "on_duplicate: first"),
    Case("csv-nfc-nfd-ids.csv", .keys(["caf\u{E9}", "cafe\u{301}"])),
    Case("csv-crlf-grapheme.csv", .keys(["1", "2"])),
    Case("jsonl-deep-nesting.jsonl", .refused("jsonl-deep-nesting.jsonl:1")),
    Case(
      "jsonl-deep-object.jsonl", .refused("jsonl-deep-object.jsonl:1"), key: "a",
      prompt: "Say {{ a }}"),
    Case("jsonl-control-chars.jsonl", .refused("jsonl-control-chars.jsonl:1")),
    Case("jsonl-dup-keys.jsonl", .keys(["1"])),
    Case(
      "jsonl-ls-ps-nel.jsonl", .keys(["1", "2"]), prompt: "Say {{ text | default('nothing') }}"),
  ]

  @Test(arguments: cases) func leadsToWhatItsManifestSays(_ it: Case) async throws {
    let bench = try Bench()
    let source = try #require(SuiteFolder.url("bad-inputs/\(it.file)"))
    try FileManager.default.copyItem(atPath: source.path, toPath: bench.path(it.file))
    let kind = it.file.hasPrefix("jsonl") ? "jsonl" : "csv"
    let prompt = it.prompt.replacing("'", with: "''")
    try bench.write("", to: "out/.keep")
    try bench.write(
      """
      name: bad
      stages:
        say:
          extract: {\(kind): \(it.file), key: \(it.key)\(it.options.isEmpty ? "" : ", ")\(it.options)}
          transform: {prompt: '\(prompt)'}
          load: {provider: anthropic, model: claude-haiku-4-5, max_tokens: 50}
          merge: {\(kind): out/said.\(kind), set: {said: output.text}}
      """, to: "bad.yaml")
    let outcome = try await bench.leaven(
      "run", "--sandbox", "bad.yaml", limit: .seconds(120))
    #expect(outcome.signal == nil, "\(it.file): a crash: \(outcome.said.suffix(2000))")
    #expect(outcome.said.utf8.count < 20_000, "an error is a sentence")
    try judge(outcome, it, bench, kind)
  }

  private func judge(
    _ outcome: Bench.Outcome, _ it: Case, _ bench: Bench, _ kind: String
  ) throws {
    switch it.expectation {
    case .refused(let words):
      #expect(outcome.status == 65, "\(it.file): \(outcome.said.suffix(2000))")
      #expect(outcome.err.contains(words), "\(it.file): \(outcome.said.suffix(2000))")
      #expect(!bench.has("out/said.sandbox.\(kind)"))
      let batches = bench.path(".leaven/bad@sandbox/sandbox/batches")
      // A run that ended in its check has no sandbox.
      let sent = (try? FileManager.default.contentsOfDirectory(atPath: batches)) ?? []
      #expect(sent.isEmpty, "nothing is sent")
    case .count(let count):
      #expect(outcome.status == 0, "\(it.file): \(outcome.said.suffix(2000))")
      #expect(outcome.err.contains("\(count) written"), "\(it.file): \(outcome.said.suffix(2000))")
    case .keys(let keys):
      #expect(outcome.status == 0, "\(it.file): \(outcome.said.suffix(2000))")
      let found = try outputKeys(bench, kind)
      #expect(found.map { Array($0.utf8) } == keys.map { Array($0.utf8) }, "\(it.file): \(found)")
    }
  }

  /// The keys of the output's rows that have an answer.
  private func outputKeys(_ bench: Bench, _ kind: String) throws -> [String] {
    if kind == "jsonl" {
      return try bench.rows(of: "out/said.sandbox.jsonl")
        .filter { $0["said"]?.string?.isEmpty == false }.compactMap { $0["id"]?.compact }
    }
    return try CSVText.rows(try bench.text(of: "out/said.sandbox.csv")).dropFirst()
      .filter { $0.last?.isEmpty == false }.map { $0[0] }
  }

  @Test func unsafeIDsComeBackToTheirOwnRows() async throws {
    let bench = try Bench()
    let source = try #require(SuiteFolder.url("bad-inputs/csv-path-ids.csv"))
    try FileManager.default.copyItem(atPath: source.path, toPath: bench.path("ids.csv"))
    try bench.write("", to: "out/.keep")
    try bench.write(
      """
      name: ids
      stages:
        say:
          extract: {csv: ids.csv, key: id, where: id != ''}
          transform: {prompt: "Say <message>only {{ text }} and {{ id }}</message>"}
          load: {provider: anthropic, model: claude-haiku-4-5, max_tokens: 500, identical: separate}
          merge: {csv: out/said.csv, filtered: drop, set: {said: output.text}}
      """, to: "ids.yaml")
    let outcome = try await bench.leaven("run", "--sandbox", "ids.yaml")
    #expect(outcome.status == 0, "\(outcome.said)")
    let rows = try CSVText.rows(try bench.text(of: "out/said.sandbox.csv")).dropFirst()
    #expect(!rows.isEmpty)
    for row in rows { #expect(row[2].contains("only \(row[1]) and"), "\(row)") }
    let names = try FileManager.default.subpathsOfDirectory(atPath: bench.folder)
    #expect(!names.contains { $0.contains("passwd") })
  }

  /// Databases, read as they are: none is written to.
  @Test(arguments: [
    ("sqlite-types.db", "table: t", "id", "Say {{ d }}", "blob"),
    ("sqlite-types.db", "query: 'SELECT id, a, d FROM t'", "id", "Say {{ a }}", "3 written"),
    ("sqlite-names.db", "table: nr", "k", "Say {{ v }}", "1 written"),
    ("sqlite-utf16.db", "table: t", "id", "Say {{ text }}", "2 written"),
    (
      "sqlite-dup-columns.db", "query: SELECT * FROM a JOIN b ON a.id = b.id", "id",
      "Say {{ text }}", "column"
    ),
    ("sqlite-corrupt.db", "table: t", "id", "Say {{ a }}", "sqlite-corrupt.db"),
  ])
  func databases(
    file: String, selection: String, key: String, prompt: String, words: String
  ) async throws {
    let bench = try Bench()
    let source = try #require(SuiteFolder.url("bad-inputs/\(file)"))
    try bench.scratch.write([UInt8](try Data(contentsOf: source)), to: file)
    try bench.write("", to: "out/.keep")
    try bench.write(
      """
      name: bad
      stages:
        say:
          extract:
            sqlite: {database: \(file), \(selection)}
            key: \(key)
          transform: {prompt: "\(prompt)"}
          load: {provider: anthropic, model: claude-haiku-4-5, max_tokens: 50}
          merge: {jsonl: out/said.jsonl, set: {said: output.text}}
      """, to: "bad.yaml")
    let outcome = try await bench.leaven("run", "--sandbox", "bad.yaml", limit: .seconds(120))
    #expect(outcome.signal == nil, "\(outcome.said)")
    #expect(outcome.status == (words.hasSuffix("written") ? 0 : 65), "\(outcome.said)")
    #expect(outcome.err.lowercased().contains(words), "\(outcome.said)")
    #expect(try bench.scratch.bytes(of: file) == [UInt8](try Data(contentsOf: source)))
  }
}
