import Engine
import Ledger
import Records
import TestSupport
import Testing

/// Stages without `load`: what they make costs nothing.
@Suite struct TransformTests {
  private static let stages = """
    clean:
      extract: {jsonl: records.jsonl, key: id}
      transform:
        set: {title: title.strip() | title, words: body.split() | length}
      merge: {jsonl: clean.jsonl, set: {title: output.title, words: output.words}}
    about:
      extract: {stage: clean, where: output.words > 1}
      transform: {prompt: "<t>{{ output.title }}</t><b>{{ body }}</b>"}
      merge:
        jsonl: about.jsonl
        filtered: drop
        set: {title: stages.clean.output.title, about: output.text}
    """

  private static func record(_ id: Int, _ title: String, _ body: String) -> String {
    #"{"id": \#(id), "title": "\#(title)", "body": "\#(body)"}"#
  }

  private func pipeline(
    _ stages: String = stages,
    records: [String] = [
      record(1, " a tale ", "two words"), record(2, "short", "one"), record(3, "x", "and so on"),
    ]
  ) throws -> SandboxedPipeline {
    let pipeline = try SandboxedPipeline()
    try pipeline.write(stages: stages)
    try pipeline.write(records: records)
    return pipeline
  }

  @Test func whatIsCalculatedFeedsWhatIsAsked() async throws {
    let pipeline = try pipeline()
    let outcome = try await pipeline.run()
    #expect(outcome.ending.status == .ok)
    #expect(outcome.counts("clean") == "3 read = 3 accepted")
    #expect(outcome.counts("about") == "3 read = 2 accepted + 1 filtered")
    #expect(outcome.billed == 2)
    let clean = try pipeline.rows(of: "clean.sandbox.jsonl")
    #expect(clean.map { $0["title"]?.string } == ["A Tale", "Short", "X"])
    #expect(clean.map { $0["words"]?.int } == [2, 1, 3])
    let about = try pipeline.rows(of: "about.sandbox.jsonl")
    #expect(about.map { $0["title"]?.string } == ["A Tale", "X"])
    #expect(about.allSatisfy { $0["about"]?.string?.isEmpty == false })
    #expect(try await pipeline.run().billed == 2)
  }

  @Test func onlyWhatComesOutDecidesWhatIsAskedAgain() async throws {
    let pipeline = try pipeline()
    #expect(try await pipeline.run().billed == 2)
    // Another spelling of the title that comes to the same, another row that does not, and one that is gone.
    try pipeline.write(records: [
      Self.record(1, "  A TALE", "two words"), Self.record(2, "short", "now two"),
    ])
    let second = try await pipeline.run()
    #expect(second.billed == 3)
    #expect(second.counts("clean") == "2 read = 2 accepted")
    #expect(second.ending.stages.first?.counts.removed == 1)
    let about = try pipeline.rows(of: "about.sandbox.jsonl")
    #expect(about.map { $0["title"]?.string } == ["A Tale", "Short"])
    // Another way to calculate that comes to the same asks nothing, either.
    try pipeline.write(
      stages: Self.stages.replacing("title.strip() | title", with: "(title | trim).title()"))
    #expect(try await pipeline.run().billed == 3)
    try pipeline.write(
      stages: Self.stages.replacing("title.strip() | title", with: "title | trim | upper"))
    #expect(try await pipeline.run().billed == 5)
    #expect(
      try pipeline.rows(of: "clean.sandbox.jsonl").map { $0["title"]?.string } == [
        "A TALE", "SHORT",
      ])
  }

  @Test func whatCannotBeCalculatedIsRejected() async throws {
    let pipeline = try pipeline(records: [
      Self.record(1, "t", "two words"), #"{"id": 2, "title": "t", "body": "b c"}"#,
      #"{"id": 3, "title": "t"}"#, #"{"id": 4, "title": 4, "body": "b c"}"#,
    ])
    let outcome = try await pipeline.run()
    #expect(outcome.ending.status == .tooManyRejected)
    #expect(outcome.counts("clean") == "4 read = 2 accepted + 2 rejected")
    #expect(outcome.counts("about") == "4 read = 2 accepted + 2 skipped")
    #expect(
      try await pipeline.failures() == ["clean 3 template-error", "clean 4 template-error"])
    #expect(
      try pipeline.rows(of: "clean.sandbox.jsonl").map { $0["title"]?.string } == [
        "T", "T", nil, nil,
      ])
  }

  @Test func chunksCostNothingUntilTheyAreAsked() async throws {
    let pipeline = try pipeline(
      """
      chunk:
        extract: {jsonl: records.jsonl, key: id}
        transform:
          split: {text: body, characters: 12}
          set: {text: item, n: index}
        merge: {jsonl: chunks.jsonl, set: {text: output.text}}
      digest:
        extract: {stage: chunk, group: id}
        transform: {prompt: "{% for i in items %}{{ i.output.n }} {{ i.output.text }} {% endfor %}"}
        merge: {jsonl: digests.jsonl, set: {digest: output.text}}
      """,
      records: [Self.record(1, "t", "one two three four five six"), Self.record(2, "t", "seven")])
    let outcome = try await pipeline.run()
    #expect(outcome.counts("chunk") == "4 read = 4 accepted")
    #expect(outcome.billed == 2)
    #expect(
      try pipeline.rows(of: "chunks.sandbox.jsonl").map { $0["text"]?.string } == [
        "one two", "three four", "five six", "seven",
      ])
  }

  @Test func aPipelineMayAskNobody() async throws {
    let pipeline = try pipeline(
      """
      clean:
        extract: {jsonl: records.jsonl, key: id}
        transform: {set: {title: title | trim}}
        merge: {jsonl: clean.jsonl, set: {title: output.title}}
      """)
    let outcome = try await pipeline.run()
    #expect(outcome.ending.status == .ok)
    #expect(outcome.counts("clean") == "3 read = 3 accepted")
    #expect(try pipeline.rows(of: "clean.sandbox.jsonl").count == 3)
  }
}
