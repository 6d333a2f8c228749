import Engine
import Foundation
import Ledger
import Records
import Sandbox
import Synchronization
import TestSupport
import Testing

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// A stage that begins with what is ready, while the stage it reads still has batches at the provider.
@Suite struct EagerStageTests {
  /// The batches of each stage, as a run tells them.
  private final class Batches: Sendable {
    private let state = Mutex<[(stage: String, batch: String, requests: Int)]>([])

    func hear(_ event: RunEvent) {
      guard case .submitted(let stage, _, let batch, let requests) = event else { return }
      state.withLock { $0.append((stage, batch, requests)) }
    }

    func of(_ stage: String) -> [String] {
      state.withLock { $0.filter { $0.stage == stage }.map(\.batch) }
    }

    func sizes(of stage: String) -> [Int] {
      state.withLock { $0.filter { $0.stage == stage }.map(\.requests) }
    }
  }

  private struct Span {
    let began: Date
    let ended: Date
  }

  private static func stages(
    _ load: String, _ extract: String = "stage: first",
    prompt: String = "{{ output.text }}"
  ) -> String {
    """
    first:
      extract: {jsonl: passages.jsonl, key: id}
      transform: {prompt: "<p>{{ text }}</p>"}
      load: {shard: {max_requests: 10}}
    second:
      extract: {\(extract)}
      transform: {prompt: "<q>\(prompt)</q>"}
      load: {\(load)}
      merge: {jsonl: second.jsonl, set: {answer: output.text}}
    """
  }

  /// When the provider says that batches began and ended.
  private func times(_ server: SandboxServer) async throws -> [String: Span] {
    let url = "http://127.0.0.1:\(server.port ?? 0)/anthropic/v1/messages/batches?limit=100"
    var request = URLRequest(url: try #require(URL(string: url)))
    request.setValue("sandbox", forHTTPHeaderField: "x-api-key")
    request.setValue("2023-06-01", forHTTPHeaderField: "anthropic-version")
    let (data, _) = try await URLSession.shared.data(for: request)
    let format = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
    var found: [String: Span] = [:]
    for batch in try JSONValue(parsing: [UInt8](data))["data"]?.array ?? [] {
      guard let id = batch["id"]?.string, let begin = batch["created_at"]?.string,
        let end = batch["ended_at"]?.string
      else { continue }
      found[id] = Span(began: try date(begin, format), ended: try date(end, format))
    }
    return found
  }

  private func date(_ text: String, _ format: Date.ISO8601FormatStyle) throws -> Date {
    // Whole seconds are written without a fraction.
    if let date = try? format.parse(text) { return date }
    return try Date.ISO8601FormatStyle().parse(text)
  }

  /// Runs to the end; tells whether the second stage's first batch was made before the first stage's last one ended.
  private func overlaps(
    _ pipeline: SandboxedPipeline, _ batches: Batches
  ) async throws -> (Bool, SandboxedPipeline.Outcome) {
    let server = try await pipeline.startSandbox()
    let outcome = try await pipeline.run(on: server, hear: batches.hear)
    let times = try await times(server)
    await server.stop()
    let began = batches.of("second").compactMap { times[$0]?.began }.min()
    let ended = batches.of("first").compactMap { times[$0]?.ended }.max()
    return (try #require(began) < #require(ended), outcome)
  }

  @Test func whatIsReadyGoesOnWhileTheRestIsAtTheProvider() async throws {
    let pipeline = try SandboxedPipeline()
    try pipeline.write(stages: Self.stages("min_shard: 10, linger: 1d"))
    let batches = Batches()
    let (overlaps, outcome) = try await overlaps(pipeline, batches)
    #expect(overlaps)
    #expect(outcome.ending.status == .ok && outcome.billed == 80)
    #expect(outcome.counts("second") == "40 read = 40 accepted")
    #expect(outcome.meter["most_per_body"]?.int == 1)
    #expect(batches.of("second").count > 1)
    #expect(batches.sizes(of: "second").dropLast().allSatisfy { $0 >= 10 })
    #expect(try pipeline.rows(of: "second.sandbox.jsonl").count == 40)
    #expect(try await pipeline.run().billed == 80)
  }

  @Test func aShortLingerDoesNotWaitForMore() async throws {
    let pipeline = try SandboxedPipeline()
    try pipeline.write(stages: Self.stages("linger: 1s"))
    let (overlaps, outcome) = try await overlaps(pipeline, Batches())
    #expect(overlaps && outcome.billed == 80)
  }

  @Test func fewRecordsWaitForMore() async throws {
    let pipeline = try SandboxedPipeline()
    try pipeline.write(stages: Self.stages("min_shard: 41, linger: 1d"))
    let batches = Batches()
    let (overlaps, outcome) = try await overlaps(pipeline, batches)
    #expect(!overlaps && outcome.billed == 80)
    #expect(batches.of("second").count == 1)
  }

  @Test func aGroupWaitsUntilItIsComplete() async throws {
    let pipeline = try SandboxedPipeline()
    try pipeline.write(
      stages: Self.stages(
        "min_shard: 1, linger: 1s", "stage: first, group: 'id[-1:]'",
        prompt: "{% for i in items %}{{ i.output.text }} {% endfor %}"))
    let batches = Batches()
    let (overlaps, outcome) = try await overlaps(pipeline, batches)
    #expect(!overlaps)
    #expect(outcome.counts("second") == "10 read = 10 accepted")
    #expect(batches.of("second").count == 1)
  }

  @Test func aRunWorksOnTheStagesThatItIsTold() async throws {
    let pipeline = try SandboxedPipeline(records: 5)
    try pipeline.write(stages: Self.stages("min_shard: 1"))
    let until = try await pipeline.run(change: { $0.selection = .until("first") })
    #expect(until.billed == 5)
    #expect(until.counts("first") == "5 read = 5 accepted")
    #expect(until.counts("second") == "0 read = 0 accepted")
    #expect(try await pipeline.run(change: { $0.selection = .only("first") }).billed == 5)
    let only = try await pipeline.run(change: { $0.selection = .only("second") })
    #expect(only.billed == 10 && only.counts("second") == "5 read = 5 accepted")
    #expect(try pipeline.rows(of: "second.sandbox.jsonl").count == 5)
    // A new record is not the second stage's matter until the first has read it.
    try pipeline.scratch.write(
      try pipeline.scratch.text(of: "passages.jsonl") + #"{"id": "new", "text": "A new one."}"#
        + "\n", to: "passages.jsonl")
    #expect(try await pipeline.run(change: { $0.selection = .from("second") }).billed == 10)
    #expect(try await pipeline.run().billed == 12)
    let edges = try await pipeline.status().edges
    #expect(edges.map(\.name) == ["passages.jsonl", "stage 'first'"].map { Self.shown($0, edges) })
    #expect(edges.map(\.answered) == [nil, 6] && edges.map(\.counts.read) == [6, 6])
  }

  /// A source is named as the file is found from where one stands.
  private static func shown(_ name: String, _ edges: [PipelineStatus.Edge]) -> String {
    edges.map(\.name).first { $0.hasSuffix(name) } ?? name
  }
}
