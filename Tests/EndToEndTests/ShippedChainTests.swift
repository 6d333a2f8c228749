import Records
import TestSupport
import Testing

/// The shipped pipelines whose stages build on each other, each on its real data.
@Suite struct ShippedChainTests {
  private let bench: Bench

  init() throws { bench = try Bench.withShippedFiles() }

  private func run(_ name: String) async throws {
    let outcome = try await bench.leaven(
      "run", "--sandbox", "pipelines/\(name).yaml", limit: .seconds(600))
    #expect(outcome.status == 0, "\(outcome.said)")
    let status = try await bench.leaven(
      "status", "--sandbox", "--exit-code", "pipelines/\(name).yaml", limit: .seconds(60))
    #expect(status.status == 0, "\(status.said)")
  }

  private func sections() throws -> [[String]] {
    Array(try CSVText.rows(try bench.text(of: "samples/documents/sections.csv")).dropFirst())
  }

  /// A text without what white space there is between its words.
  private func bare(_ text: String?) -> String {
    (text ?? "").split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }

  @Test func documentsAreCutSummarisedAndDigested() async throws {
    try await run("documents")
    let sections = try sections()
    let passages = try bench.rows(of: "out/documents.passages.sandbox.jsonl")
    #expect(sections.count == 35 && passages.count > 150)
    let bySection = Dictionary(grouping: passages) { $0["section_id"]?.string ?? "" }
    for section in sections {
      let own = bySection[section[0]] ?? []
      #expect(own.map { $0["position"]?.int } == (0..<own.count).map { $0 })
      // The first begins and the last ends the section; each is a part of it, and what a summary says is of its passage.
      let whole = bare(section[3])
      #expect(whole.hasPrefix(bare(own.first?["text"]?.string)))
      #expect(whole.hasSuffix(bare(own.last?["text"]?.string)))
      #expect(own.allSatisfy { whole.contains(bare($0["text"]?.string)) })
      #expect(
        own.allSatisfy { bare($0["text"]?.string).contains(bare($0["summary"]?.string)) })
    }
    let digests = try bench.rows(of: "out/documents.digests.sandbox.jsonl")
    #expect(digests.map { $0["section_id"]?.string } == sections.map { $0[0] })
    for digest in digests {
      let own = bySection[digest["section_id"]?.string ?? ""] ?? []
      #expect(digest["passages"]?.int == own.count)
      #expect(
        digest["questions"]?.array == own.flatMap { $0["questions"]?.array ?? [] })
      #expect(digest["digest"]?.string?.isEmpty == false)
    }
  }

  @Test func urgentTicketsAreReadTwiceIntoOneTable() async throws {
    try await run("triage")
    let source = try CSVText.rows(try bench.text(of: "samples/tickets/tickets.csv")).dropFirst()
    let rows = try bench.query(
      "SELECT ticket_id, text, urgency, intent, problem, wish, tone FROM tickets ORDER BY rowid",
      in: "out/tickets.sandbox.db")
    #expect(rows.map { $0[0] } == source.map { $0[0] })
    #expect(rows.map { $0[1] } == source.map { $0[1] })
    let wrong = rows.filter { row in
      let isUrgent = (Int(row[2] ?? "") ?? 0) >= 5
      return row[3] == nil || row[4...].contains { ($0 != nil) != isUrgent }
    }
    #expect(wrong.isEmpty, "\(wrong.prefix(2))")
    let urgent = rows.filter { $0[4] != nil }
    #expect(!urgent.isEmpty)
    #expect(urgent.count < rows.count / 2)
  }

  @Test func articlesAreTranslatedAndHeldAgainstTheOriginal() async throws {
    try await run("articles")
    let sections = try sections()
    let rows = try bench.rows(of: "out/articles.sandbox.jsonl")
    #expect(rows.map { $0["section_id"]?.string } == sections.map { $0[0] })
    for (section, row) in zip(sections, rows) {
      #expect(bare(section[3]).hasPrefix(bare(row["text"]?.string)))
      #expect(row["translations"]?.array?.count == 3)
      let doubtful = row["doubtful"]?.array?.compactMap(\.string) ?? ["none"]
      let known = ["German", "French", "Spanish"]
      #expect(doubtful.allSatisfy { known.contains($0) })
    }
    // The glossary goes with each translation.
    let preview = try await bench.leaven(
      "preview", "--sandbox", "-n", "2", "--stage", "translate", "pipelines/articles.yaml",
      limit: .seconds(60))
    #expect(preview.out.contains("into French for general readers"))
    #expect(preview.out.contains("inertial mass | träge Masse | masse inerte"))
  }
}
