import Records
import TestSupport
import Testing

/// The pipelines that ship, each on its real data.
@Suite struct ShippedPipelineTests {
  private let bench: Bench

  init() throws { bench = try Bench.withShippedFiles() }

  private func run(_ name: String) async throws -> Bench.Outcome {
    let outcome = try await bench.leaven(
      "run", "--sandbox", "pipelines/\(name).yaml", limit: .seconds(600))
    #expect(outcome.status == 0, "\(outcome.said)")
    return outcome
  }

  @Test func ticketsGetOneOf77IntentsAndAnUrgency() async throws {
    _ = try await run("tickets")
    let schema = try JSONValue(parsing: try bench.text(of: "schemas/ticket-intent.schema.json"))
    let intents = schema["properties"]?["intent"]?["enum"]?.array?.compactMap(\.string) ?? []
    #expect(intents.count == 77)
    let source = try CSVText.rows(try bench.text(of: "samples/tickets/tickets.csv"))
    let rows = try CSVText.rows(try bench.text(of: "out/tickets.labelled.sandbox.csv"))
    #expect(rows.count == 3081)
    #expect(rows.first == ["ticket_id", "text", "intent", "urgency"])
    #expect(rows.map { Array($0.prefix(2)) } == source)
    let wrong = rows.dropFirst().filter {
      !intents.contains($0[2]) || !(1...5).contains(Int($0[3]) ?? 0)
    }
    #expect(wrong.isEmpty, "\(wrong.prefix(3))")
    #expect(Set(rows.map { $0[2] }).count > 20)
    #expect(!bench.has("out/tickets.labelled.csv"))
  }

  @Test func passagesAreEnrichedAndAsked() async throws {
    _ = try await run("rag")
    let source = try bench.rows(of: "samples/rag/chunks.jsonl")
    let enriched = try bench.rows(of: "out/chunks.enriched.sandbox.jsonl")
    #expect(enriched.count == source.count)
    let wrong = zip(source, enriched).filter { before, after in
      let members = after.members ?? []
      let questions = after["questions"]?.array?.compactMap(\.string) ?? []
      // The record's own fields first, unchanged, in their order; then words of its own text.
      return JSONValue.object(Array(members.prefix(before.members?.count ?? 0))) != before
        || members.dropFirst(5).map(\.key) != ["summary", "questions", "topic"]
        || !Self.hasWords(before["text"]?.string, of: after["summary"]?.string)
        || !(1...3).contains(questions.count)
        || !questions.allSatisfy { Self.hasWords(before["text"]?.string, of: $0) }
    }
    #expect(wrong.isEmpty, "another passage's answer: \(wrong.prefix(1))")
    try checkAnswers(enriched)
  }

  /// The second stage works on what the first found worth it, in the same order.
  private func checkAnswers(_ enriched: [JSONValue]) throws {
    let worthIt = enriched.filter { $0["topic"]?.string != "boilerplate" }
    let answers = try bench.rows(of: "out/chunks.answers.sandbox.jsonl")
    #expect(!worthIt.isEmpty && worthIt.count < enriched.count)
    #expect(answers.map { $0["chunk_id"] } == worthIt.map { $0["chunk_id"] })
    let wrong = zip(worthIt, answers).filter { passage, row in
      // The sandbox quotes what it was asked: You wrote: “…”
      let quote = row["answer"]?.string?.split(separator: "“").last?.dropLast().description
      return row["question"] != passage["questions"]?.array?.first
        || !Self.hasWords(passage["text"]?.string, of: quote)
    }
    #expect(wrong.isEmpty, "\(wrong.prefix(1))")
  }

  /// Whether a text has an answer's words, in a row; the sandbox draws them from the request's subject.
  private static func hasWords(_ text: String?, of answer: String?) -> Bool {
    guard let text, let answer, !answer.isEmpty else { return false }
    return text.split(whereSeparator: \.isWhitespace).joined(separator: " ").contains(answer)
  }

  @Test func tracksAreDescribedInPlace() async throws {
    let untouched = try bench.scratch.bytes(of: "out/tracks.db")
    _ = try await run("tracks")
    #expect(try bench.scratch.bytes(of: "out/tracks.db") == untouched, "the real database")
    let before = try bench.query("SELECT * FROM Track ORDER BY TrackId", in: "out/tracks.db")
    let after = try bench.query("SELECT * FROM Track ORDER BY TrackId", in: "out/tracks.sandbox.db")
    #expect(before.count == 3503 && after.count == before.count)
    let wrong = zip(before, after).filter { old, new in
      let composer = old[3].map { " by \($0)" } ?? ""
      let minutes = (Int(old[4] ?? "") ?? 0) / 60_000
      let prompt = """
        Describe the track "\(old[1] ?? "")"\(composer),
        \(minutes) minutes long, in one sentence for a shop.
        """
      return Array(new.prefix(old.count)) != old || new.count != old.count + 2
        || !Self.hasWords(prompt, of: new[old.count])
    }
    #expect(wrong.isEmpty, "\(wrong.prefix(1))")
    for table in ["Artist", "Album"] {
      #expect(
        try bench.query("SELECT * FROM \(table)", in: "out/tracks.db")
          == bench.query("SELECT * FROM \(table)", in: "out/tracks.sandbox.db"))
    }
  }
}
