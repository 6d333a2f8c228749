import Foundation
import TestSupport
import Testing

@Suite struct CheckTests {
  /// Expects an outcome to say all of some words.
  private func expect(
    _ outcome: Bench.Outcome, toSay expected: [String],
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    for words in expected {
      #expect(
        outcome.err.contains(words), "\(words) is not in:\n\(outcome.err)",
        sourceLocation: sourceLocation)
    }
  }

  @Test func shippedPipelinesAreRight() async throws {
    let bench = try Bench.withShippedFiles()
    let outcome = try await bench.leaven(
      "check", "pipelines/rag.yaml", "pipelines/tickets.yaml", "pipelines/tracks.yaml")
    #expect(outcome.status == 0)
    #expect(!outcome.said.contains("warning"), "\(outcome.said)")
  }

  @Test func allProblemsAreSaidAtOnce() async throws {
    let bench = try Bench()
    try bench.write("id,text\n1,hello\n", to: "data.csv")
    try bench.write(
      """
      name: broken
      stages:
        first:
          extract: {csv: data.csv, kee: id}
          transform: {prompt: "{{ txet }}"}
          load: {provider: anthropic, model: claude-haiku-4-5, max_tokens: many}
        second:
          extract: {csv: missing.csv, key: id}
          transform: {prompt: "{{ text"}
          load: {provider: anthropic, model: claude-haiku-4-5, max_tokens: 10}
      """, to: "broken.yaml")
    let outcome = try await bench.leaven("check", "broken.yaml")
    #expect(outcome.status == 65)
    #expect(outcome.out.isEmpty)
    let expected = [
      "broken.yaml:4:30: error[unknown-key]", "broken.yaml:5:", "error[unknown-field]",
      "broken.yaml:6:", "error[wrong-type]", "broken.yaml:8:", "error[missing-file]",
      "broken.yaml:9:", "error[template-syntax]", "hint:",
    ]
    expect(outcome, toSay: expected)
  }

  @Test func allMistakesOfATemplateAreSaidAtOnce() async throws {
    let bench = try Bench()
    try bench.write("id,text\n1,hello\n", to: "data.csv")
    try bench.write(
      """
      name: broken
      stages:
        first:
          extract: {csv: data.csv, key: id}
          transform:
            prompt: |
              {{ text | nosuch }} é {{ text is odd_one }}
              {{ txet }} {{ text text }} {% if text %}{{ other }}{% endif %}
          load: {provider: anthropic, model: claude-haiku-4-5, max_tokens: 10}
      """, to: "broken.yaml")
    let outcome = try await bench.leaven("check", "broken.yaml")
    #expect(outcome.status == 65)
    expect(
      outcome,
      toSay: [
        "broken.yaml:7:19: error[template-syntax]", "'nosuch'",
        "broken.yaml:7:42: error[template-syntax]", "'odd_one'",
        "broken.yaml:8:12: error[unknown-field]", "'txet'",
        "broken.yaml:8:28: error[template-syntax]",
        "broken.yaml:8:52: error[unknown-field]", "'other'",
      ])
  }

  @Test func aMistakeInAStatementIsTheLastThatIsSaid() async throws {
    let bench = try Bench()
    try bench.write("id,text\n1,hello\n", to: "data.csv")
    try bench.write(
      """
      name: broken
      stages:
        first:
          extract: {csv: data.csv, key: id}
          transform: {prompt: "{{ text | nosuch }} {% fi text %} {{ text is odd_one }}"}
          load: {provider: anthropic, model: claude-haiku-4-5, max_tokens: 10}
      """, to: "broken.yaml")
    let outcome = try await bench.leaven("check", "broken.yaml")
    #expect(outcome.status == 65)
    #expect(outcome.err.contains("'fi'"), "\(outcome.err)")
  }

  @Test func oneWrongFileOfSeveralFailsAll() async throws {
    let bench = try Bench.withTickets(2)
    try bench.write("stages: []\n", to: "wrong.yaml")
    let outcome = try await bench.leaven("check", "small.yaml", "wrong.yaml", "nowhere.yaml")
    #expect(outcome.status == 65)
    #expect(outcome.err.contains("small.yaml: ok"))
    #expect(outcome.err.contains("wrong.yaml:1:"))
    #expect(outcome.err.contains("nowhere.yaml"))
  }

  @Test func aRunChecksFirst() async throws {
    let bench = try Bench.withTickets(2)
    try bench.writePipeline(prompt: "{{ txet }}")
    let outcome = try await bench.runSmall()
    #expect(outcome.status == 65)
    #expect(outcome.err.contains("error[unknown-field]"))
    #expect(!bench.has(".leaven/small@sandbox/ledger.sqlite"))
  }

  @Test func theEditorSchemaIsCurrent() async throws {
    let bench = try Bench()
    let outcome = try await bench.leaven("schema")
    let stored = SuiteFolder.packageRoot.appendingPathComponent("schemas/pipeline.schema.json")
    let isCurrent = outcome.out == String(decoding: try Data(contentsOf: stored), as: UTF8.self)
    #expect(isCurrent, "run: leaven schema > schemas/pipeline.schema.json")
  }
}
