import Engine
import Ledger
import Records
import TestSupport
import Testing

/// `each`: from one record to many.
@Suite struct EachTests {
  private static let stages = """
    part:
      extract: {jsonl: records.jsonl, key: id, each: parts}
      transform: {prompt: "<part>{{ title }}, {{ index }}: {{ item.text }}</part>"}
      merge: {jsonl: parts.jsonl, set: {n: index, text: item.text, answer: output.text}}
    """

  private static func record(_ id: String, _ parts: String...) -> String {
    let list = parts.map { #"{"text": "\#($0)"}"# }.joined(separator: ", ")
    return #"{"id": "\#(id)", "title": "Of \#(id)", "parts": [\#(list)]}"#
  }

  private func pipeline(_ records: String...) throws -> SandboxedPipeline {
    let pipeline = try SandboxedPipeline()
    try pipeline.write(stages: Self.stages)
    try pipeline.write(records: records)
    return pipeline
  }

  private func texts(_ pipeline: SandboxedPipeline) throws -> [String] {
    try pipeline.rows(of: "parts.sandbox.jsonl").map {
      "\($0["id"]?.string ?? "")#\($0["n"]?.int ?? -1) \($0["text"]?.string ?? "")"
    }
  }

  @Test func eachElementIsARecordWithItsRow() async throws {
    let pipeline = try pipeline(
      Self.record("a", "red", "green"), Self.record("b"), Self.record("c#1%", "blue"))
    let outcome = try await pipeline.run()
    #expect(outcome.counts("part") == "3 read = 3 accepted")
    #expect(outcome.billed == 3)
    #expect(try texts(pipeline) == ["a#0 red", "a#1 green", "c#1%#0 blue"])
    let rows = try pipeline.rows(of: "parts.sandbox.jsonl")
    #expect(rows.allSatisfy { $0["parts"] != nil && $0["answer"]?.string?.isEmpty == false })
  }

  @Test func whatStaysTheSameIsNotAskedAgain() async throws {
    let pipeline = try pipeline(
      Self.record("a", "red", "green", "blue"), Self.record("b", "white"))
    #expect(try await pipeline.run().billed == 4)
    #expect(try await pipeline.run().billed == 4)
    // One element edited, one added to the other list.
    try pipeline.write(records: [
      Self.record("a", "red", "yellow", "blue"), Self.record("b", "white", "black"),
    ])
    let second = try await pipeline.run()
    #expect(second.billed == 6)
    #expect(try texts(pipeline) == ["a#0 red", "a#1 yellow", "a#2 blue", "b#0 white", "b#1 black"])
    // A list that got shorter has no rows for what is gone, and nothing is asked.
    try pipeline.write(records: [Self.record("a", "red"), Self.record("b", "white", "black")])
    let third = try await pipeline.run()
    #expect(third.billed == 6)
    #expect(third.ending.stages.first?.counts.removed == 2)
    #expect(third.counts("part") == "3 read = 3 accepted")
    #expect(try texts(pipeline) == ["a#0 red", "b#0 white", "b#1 black"])
  }

  @Test func aRecordWithoutAListIsRejectedUnderItsOwnKey() async throws {
    // "a#0" without a list is not the first element of "a".
    let pipeline = try pipeline(
      Self.record("a", "red"), #"{"id": "a#0", "title": "t", "parts": "red"}"#,
      #"{"id": "b", "title": "t", "parts": null}"#, #"{"id": "c", "title": "t"}"#)
    let outcome = try await pipeline.run()
    #expect(outcome.counts("part") == "4 read = 1 accepted + 3 rejected")
    let failures = try await pipeline.failures()
    #expect(
      failures == ["part a%230 not-a-list", "part b not-a-list", "part c template-error"])
  }

  @Test func twoRecordsWithOneKeyStopTheRun() async throws {
    let pipeline = try pipeline(Self.record("a", "red"), Self.record("a", "green"))
    await #expect(throws: RunErrorText("'a#0'")) {
      do { _ = try await pipeline.run(limit: 1) } catch { throw RunErrorText(in: "\(error)") }
    }
  }

  @Test func aStageReadsTheElementsOfAnother() async throws {
    let pipeline = try pipeline(Self.record("a", "red", "green"), Self.record("b", "blue"))
    try pipeline.write(
      stages: Self.stages + """

        check:
          extract: {stage: part, where: index == 0}
          transform: {prompt: "<check>{{ item.text }} {{ output.text }}</check>"}
          merge:
            jsonl: checks.jsonl
            filtered: drop
            set: {text: item.text, first: stages.part.output.text, answer: output.text}
        words:
          extract: {stage: part, where: item.text != "blue", each: output.text.split()}
          transform: {prompt: "<word>{{ item }} in {{ output.text }}</word>"}
          merge: {jsonl: words.jsonl, set: {word: item, n: index}}
        """)
    let outcome = try await pipeline.run()
    #expect(outcome.ending.status == .ok)
    #expect(outcome.counts("check") == "3 read = 2 accepted + 1 filtered")
    let checks = try pipeline.rows(of: "checks.sandbox.jsonl")
    #expect(checks.map { $0["text"]?.string } == ["red", "blue"])
    let parts = try pipeline.rows(of: "parts.sandbox.jsonl")
    #expect(checks[0]["first"] == parts[0]["answer"])
    let words = try pipeline.rows(of: "words.sandbox.jsonl")
    let expected = parts.prefix(2).flatMap {
      $0["answer"]?.string?.split(separator: " ").map(String.init) ?? []
    }
    #expect(words.map { $0["word"]?.string } == expected)
    #expect(outcome.counts("words")?.hasSuffix("accepted + 1 filtered") == true)
    let billed = outcome.billed
    #expect(try await pipeline.run().billed == billed)
  }

  @Test func aTextIsCutIntoChunks() async throws {
    let pipeline = try SandboxedPipeline()
    try pipeline.write(
      stages: """
        chunk:
          extract: {jsonl: records.jsonl, key: id}
          transform:
            split: {text: body, characters: 40, overlap: 15}
            prompt: "<chunk>{{ title }}: {{ item }}</chunk>"
          merge: {jsonl: chunks.jsonl, set: {n: index, chunk: item, about: output.text}}
        digest:
          extract: {stage: chunk, group: id}
          transform: {prompt: "<doc>{% for i in items %}{{ i.index }} {{ i.item }} {{ i.output.text }}{% endfor %}</doc>"}
          merge: {jsonl: digests.jsonl, set: {chunks: items | length}}
        """)
    func record(_ id: String, _ body: String) -> String {
      #"{"id": "\#(id)", "title": "Of \#(id)", "body": \#(body)}"#
    }
    let long = #""The first sentence is here. The second one follows. And a third ends it.""#
    try pipeline.write(records: [
      record("a", long), record("b", "\"Short.\""), record("c", "\"\""), record("d", "7"),
    ])
    let outcome = try await pipeline.run()
    #expect(outcome.counts("chunk") == "5 read = 4 accepted + 1 rejected")
    #expect(try await pipeline.failures() == ["chunk d not-a-text"])
    let rows = try pipeline.rows(of: "chunks.sandbox.jsonl").dropLast()
    #expect(
      rows.map { $0["chunk"]?.string } == [
        "The first sentence is here.", "is here. The second one follows.",
        "one follows. And a third ends it.", "Short.",
      ])
    #expect(rows.map { $0["n"]?.int } == [0, 1, 2, 0])
    #expect(outcome.billed == 6)
    // The end of a text changes: its beginning is not asked again.
    try pipeline.write(records: [
      record("a", long.replacing("third ends", with: "last ends")), record("b", "\"Short.\""),
      record("c", "\"\""), record("d", "7"),
    ])
    #expect(try await pipeline.run().billed == 8)
  }

  @Test func elementsHaveATableOfTheirOwn() async throws {
    let pipeline = try pipeline(Self.record("a", "red", "green"), Self.record("b", "blue"))
    try pipeline.write(
      stages: Self.stages.replacing(
        "merge: {jsonl: parts.jsonl, set: {",
        with: "merge: {sqlite: {database: parts.db, table: parts, key: part}, set: {"
          + "part: id ~ '#' ~ index, "))
    #expect(try await pipeline.run().ending.status == .ok)
    let source = try SQLiteSource(
      database: pipeline.scratch.path("parts.sandbox.db"), .query("SELECT part, text FROM parts"))
    var rows: [String] = []
    while let row = try source.next() { rows.append(row.root.text) }
    #expect(
      rows == [
        #"{"part":"a#0","text":"red"}"#, #"{"part":"a#1","text":"green"}"#,
        #"{"part":"b#0","text":"blue"}"#,
      ])
  }
}

/// Words of an error.
private struct RunErrorText: Error, Equatable {
  let words: String

  init(_ words: String) { self.words = words }

  /// The quoted key in a sentence.
  init(in sentence: String) {
    words = sentence.split(separator: " ").first { $0.contains("#") }.map(String.init) ?? sentence
  }
}
