import Engine
import Foundation
import Ledger
import Records
import TestSupport
import Testing

/// `attachments`: pictures and documents are shown with the prompt, and belong to what was asked.
@Suite struct AttachmentTests {
  private static let picture: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 1, 2, 3]
  private static let document = Array("%PDF-1.7 a page".utf8)

  private static func stages(_ load: String = "") -> String {
    """
    see:
      extract: {jsonl: records.jsonl, key: id}
      transform:
        attachments: ["{{ file }}", "{{ other }}"]
        prompt: "What is on {{ id }}?"
      load: {max_tokens: 100\(load)}
      merge: {jsonl: seen.jsonl, set: {seen: output.text}}
    """
  }

  private static func record(_ id: Int, _ file: String, other: String = "") -> String {
    #"{"id": \#(id), "file": "\#(file)", "other": "\#(other)"}"#
  }

  private func pipeline(
    _ stages: String = stages(), records: [String]
  ) throws -> SandboxedPipeline {
    let pipeline = try SandboxedPipeline()
    try pipeline.write(stages: stages)
    try pipeline.write(records: records)
    try FileManager.default.createDirectory(
      atPath: pipeline.scratch.path("images"), withIntermediateDirectories: true)
    try write(Self.picture, to: "images/a.png", of: pipeline)
    try write(Self.document, to: "images/b.pdf", of: pipeline)
    try write(Array("text".utf8), to: "images/c.png", of: pipeline)
    return pipeline
  }

  private func write(_ bytes: [UInt8], to name: String, of pipeline: SandboxedPipeline) throws {
    try Data(bytes).write(to: URL(fileURLWithPath: pipeline.scratch.path(name)))
  }

  /// What stands before the text in each form.
  static let forms: [(load: String, body: String, turns: String, parts: String, shown: String)] = [
    (
      "", "params", "messages", "content",
      #"[{"type":"image","source":{"type":"base64","media_type":"image/png","data":"iVBORw0KGgoBAgM="}},{"type":"document","source":{"type":"base64","media_type":"application/pdf","data":"JVBERi0xLjcgYSBwYWdl"}},{"type":"text","text":"What is on 1?"}]"#
    ),
    (
      ", provider: openai, model: gpt-4.1-mini", "body", "messages", "content",
      #"[{"type":"image_url","image_url":{"url":"data:image/png;base64,iVBORw0KGgoBAgM="}},{"type":"file","file":{"filename":"b.pdf","file_data":"data:application/pdf;base64,JVBERi0xLjcgYSBwYWdl"}},{"type":"text","text":"What is on 1?"}]"#
    ),
    (
      ", provider: gemini, model: gemini-2.5-flash", "request", "contents", "parts",
      #"[{"inlineData":{"mimeType":"image/png","data":"iVBORw0KGgoBAgM="}},{"inlineData":{"mimeType":"application/pdf","data":"JVBERi0xLjcgYSBwYWdl"}},{"text":"What is on 1?"}]"#
    ),
  ]

  @Test(arguments: forms.indices)
  func filesAreSentAsTheProviderWantsThem(_ number: Int) async throws {
    let form = Self.forms[number]
    let pipeline = try pipeline(
      Self.stages(form.load), records: [Self.record(1, "images/a.png", other: "images/b.pdf")])
    let request = try #require(try await pipeline.requests().first)
    let turns = request[form.body]?[form.turns]?.array
    #expect(turns?.last?[form.parts]?.compact == form.shown)
    let outcome = try await pipeline.run()
    #expect(outcome.ending.status == .ok && outcome.billed == 1)
  }

  @Test func addressesAreLeftToTheProvider() async throws {
    let pipeline = try pipeline(records: [
      Self.record(1, "https://example.com/a.png", other: "https://example.com/b.pdf?x=1")
    ])
    let request = try #require(try await pipeline.requests().first)
    #expect(
      request["params"]?["messages"]?.array?.first?["content"]?.array?.dropLast().map(\.compact)
        == [
          #"{"type":"image","source":{"type":"url","url":"https://example.com/a.png"}}"#,
          #"{"type":"document","source":{"type":"url","url":"https://example.com/b.pdf?x=1"}}"#,
        ])
    #expect(try await pipeline.run().billed == 1)
  }

  @Test func aFileThatCannotBeSentRejectsItsRecordOnly() async throws {
    let pipeline = try pipeline(records: [
      Self.record(1, "images/a.png"), Self.record(2, "images/none.png"),
      Self.record(3, "images/c.png"), Self.record(4, "images"), Self.record(5, ""),
      Self.record(6, "images/large.png"),
    ])
    let large = try #require(
      FileHandle(forWritingAtPath: pipeline.scratch.path("images/c.png")).map { _ in
        pipeline.scratch.path("images/large.png")
      })
    #expect(FileManager.default.createFile(atPath: large, contents: nil))
    let handle = try #require(FileHandle(forWritingAtPath: large))
    try handle.truncate(atOffset: 30_000_000)
    try handle.close()
    let outcome = try await pipeline.run()
    #expect(outcome.counts("see") == "6 read = 2 accepted + 4 rejected")
    #expect(outcome.billed == 2)
    let failures = try await pipeline.failures {
      "\(String(decoding: $0.key, as: UTF8.self)) \($0.reason)"
    }
    #expect(
      failures == [
        "2 attachment-missing", "3 attachment-unsupported", "4 attachment-missing",
        "6 attachment-too-large",
      ])
  }

  @Test func anotherPictureIsAnotherQuestion() async throws {
    let pipeline = try pipeline(records: [
      Self.record(1, "images/a.png"), Self.record(2, "images/b.pdf"),
    ])
    #expect(try await pipeline.run().billed == 2)
    #expect(try await pipeline.run().billed == 2)
    try write(Self.picture + [4], to: "images/a.png", of: pipeline)
    #expect(try await pipeline.run().billed == 3)
    // The same picture under another name is the same question.
    try write(Self.document, to: "images/d.pdf", of: pipeline)
    try pipeline.write(records: [
      Self.record(1, "images/a.png"), Self.record(2, "images/d.pdf"),
    ])
    #expect(try await pipeline.run().billed == 3)
  }
}
