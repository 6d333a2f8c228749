import Records
import Testing

/// How the text of a model becomes an answer, and what `repair` changes.
@Suite struct AnswerReadingTests {
  /// What the model writes, by key.
  private static let texts = [
    "t1": #"{"label": "a", "summary": "plain"}"#,
    "t2": "Sure!\n```json\n{\"label\": \"b\", \"summary\": \"fenced\"}\n```\nAnything else?",
    "t3": #"The answer: {"label": "c", "summary": "in \"prose\""} as asked."#,
    "t4": #"{"label": "a", "summary": "a comma too many",}"#,
    "t5": "```\n{\"label\": \"b\", \"summary\": \"two\nlines\",}\n```",
    "t6": #"{"label": "c", "summary": "cut"#,
    "t7": #"{"summary": "cut later", "label": "c", "#,
    "t8": #"{"label": "z", "label": "b", "summary": "twice"}"#,
    "t9": "I cannot help with that.",
  ]

  private static let repaired = [
    "t4": "repaired: trailing comma", "t5": "repaired: trailing comma, raw control character",
    "t7": "repaired: cut end",
  ]

  private func bench(_ load: String) throws -> Bench {
    let bench = try Bench.withTickets(9, top: "max_rejected: 100%")
    try bench.writePipeline(top: "max_rejected: 100%", load: load)
    let lines = Self.texts.map { key, text in
      JSONValue.object([
        "match": .object(["custom_id": .string(key)]), "answer": .string(text),
      ]).compact
    }
    try bench.write(lines.joined(separator: "\n"), to: "answers.jsonl")
    return bench
  }

  private func summaries(_ bench: Bench) throws -> [String] {
    try bench.labelled().map { $0[3] }
  }

  private static let strict = ["plain", "fenced", "in \"prose\"", "", "", "", "", "twice", ""]
  private static let mended = [
    "plain", "fenced", "in \"prose\"", "a comma too many", "two\nlines", "", "cut later", "twice",
    "",
  ]

  @Test func jsonIsFoundInTheText() async throws {
    let bench = try bench("attempts: 1")
    let run = try await bench.runSmall("--answers", "answers.jsonl")
    #expect(run.status == 0, "\(run.said)")
    let got = try summaries(bench)
    #expect(got == Self.strict)
    let listed = try await bench.leaven("failures", "--sandbox", "small.yaml")
    #expect(listed.out.contains("t4  invalid-answer  1 attempt  the answer is not valid JSON"))
    #expect(listed.out.contains("t9  invalid-answer  1 attempt  the answer contains no JSON value"))
    let status = try await bench.status("--sandbox")["stages"]?.array?.first
    #expect(status?["repaired"]?.int == 0)
  }

  @Test func whatHasOneReadingIsRepairedOnlyWhenAsked() async throws {
    let bench = try bench("attempts: 1\n      repair: true")
    let run = try await bench.runSmall("--answers", "answers.jsonl")
    #expect(run.status == 0, "\(run.said)")
    #expect(run.err.contains("label: 3 answers repaired"))
    let got = try summaries(bench)
    #expect(got == Self.mended)
    let status = try await bench.status("--sandbox")["stages"]?.array?.first
    #expect(status?["repaired"]?.int == 3)
    #expect(status?["counts"]?["accepted"]?.int == 7)
    let listed = try await bench.leaven(
      "failures", "--sandbox", "--repaired", "--jsonl", "small.yaml")
    let told = try listed.out.split(separator: "\n").map { line in
      let row = try JSONValue(parsing: Array(line.utf8))
      return [row["key"]?.string, row["detail"]?.string]
    }
    #expect(told == Self.repaired.sorted { $0.key < $1.key }.map { [$0.key, $0.value] })
  }

  @Test func turningRepairOffKeepsWhatWasAccepted() async throws {
    let bench = try bench("repair: true")
    try await bench.runSmall("--answers", "answers.jsonl")
    let calls = try bench.sandboxCalls("create")
    try bench.writePipeline(top: "max_rejected: 100%")
    let merged = try await bench.leaven("merge", "--sandbox", "small.yaml")
    #expect(merged.status == 0, "\(merged.said)")
    let got = try summaries(bench)
    #expect(got == Self.mended)
    let again = try await bench.runSmall("--answers", "answers.jsonl")
    #expect(again.status == 0, "\(again.said)")
    #expect(try bench.sandboxCalls("create") == calls)
  }

  @Test(arguments: [("annotation", 0), ("assertion", 1)])
  func formatsFailWhereThatIsAsked(_ formats: String, _ rejected: Int) async throws {
    let bench = try Bench.withTickets(1)
    try bench.write(
      #"{"properties": {"summary": {"type": "string", "format": "date"}}, "type": "object"}"#,
      to: "answer.schema.json")
    let pipeline = try bench.text(of: "small.yaml").replacing(
      "schema: answer.schema.json",
      with: "schema: {file: answer.schema.json, formats: \(formats)}\n      attempts: 1")
    try bench.write(pipeline, to: "small.yaml")
    try bench.write(
      #"{"answer": {"label": "a", "summary": "the 3rd of May"}}"#, to: "answers.jsonl")
    try await bench.runSmall("--answers", "answers.jsonl")
    let counts = try await bench.status("--sandbox")["stages"]?.array?.first?["counts"]
    #expect(counts?["rejected"]?.int == rejected)
    #expect(counts?["accepted"]?.int == 1 - rejected)
  }

  @Test func aStageReadsWhatWasRepaired() async throws {
    let bench = try bench("repair: true")
    let chained =
      try bench.text(of: "small.yaml") + """

          second:
            extract: {stage: label}
            transform: {prompt: "<message>{{ output.summary }}</message>"}
            load: {provider: anthropic, model: claude-haiku-4-5, max_tokens: 100}
            merge: {jsonl: out/second.jsonl, set: {reply: output.text}}
        """
    try bench.write(chained, to: "small.yaml")
    let run = try await bench.runSmall("--answers", "answers.jsonl")
    #expect(run.status == 0, "\(run.said)")
    let rows = try bench.rows(of: "out/second.sandbox.jsonl")
    #expect(rows.count == 9)
    #expect(try bench.sandboxCalls("create") > 1)
  }
}
