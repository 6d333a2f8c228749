import Records
import Testing

/// Shards that leave the machine by hand, and results that come back so.
@Suite struct OfflineTests {
  /// Answers to exported requests, in reverse order.
  private func results(for requests: [JSONValue]) -> String {
    requests.reversed().reduce(into: "") { text, request in
      let content = request["params"]?["messages"]?.array?.first?["content"]?.string ?? ""
      let subject = content.split(separator: ">").dropFirst().first?.split(separator: "<").first
      let answer = JSONValue.object([
        .init("label", .string("a")), .init("summary", .string(String(subject ?? ""))),
      ])
      let message = JSONValue.object([
        .init("id", .string("msg_1")), .init("type", .string("message")),
        .init("role", .string("assistant")), .init("model", .string("claude-haiku-4-5")),
        .init(
          "content",
          .array([
            .object([.init("type", .string("text")), .init("text", .string(answer.compact))])
          ])),
        .init("stop_reason", .string("end_turn")), .init("stop_sequence", .null),
        .init(
          "usage",
          .object([.init("input_tokens", .number(10)), .init("output_tokens", .number(5))])),
      ])
      let row = JSONValue.object([
        .init("custom_id", request["custom_id"] ?? .null),
        .init("result", .object([.init("type", .string("succeeded")), .init("message", message)])),
      ])
      text += row.compact + "\n"
    }
  }

  @Test func exportImportMerge() async throws {
    let bench = try Bench.withTickets(30)
    let exported = try await bench.leaven("export", "small.yaml", "--to", "requests")
    #expect(exported.status == 0, "\(exported.said)")
    let files = exported.out.split(separator: "\n").map(String.init)
    #expect(files.count == 2)
    let requests = try files.flatMap { file in
      try bench.rows(of: String(file.dropFirst(bench.folder.count + 1)))
    }
    #expect(requests.count == 30)
    #expect(try await bench.status()["stages"]?.array?.first?["counts"]?["pending"]?.int == 30)

    let half = results(for: Array(requests.prefix(15)))
    try bench.write(
      half + #"{"custom_id":"nobody","result":{"type":"expired"}}"# + "\n", to: "half.jsonl")
    let first = try await bench.leaven("import", "small.yaml", "half.jsonl")
    #expect(first.status == 0, "\(first.said)")
    #expect(first.err.contains("15 accepted, 0 not, 1 rows of nobody"), "\(first.err)")
    let merged = try await bench.leaven("merge", "small.yaml")
    #expect(merged.status == 0)
    #expect(merged.err.contains("15 written, 15 without an answer"), "\(merged.err)")

    try bench.write(results(for: requests), to: "all.jsonl")
    let second = try await bench.leaven("import", "small.yaml", "all.jsonl")
    #expect(second.err.contains("15 accepted"), "\(second.err)")
    _ = try await bench.leaven("merge", "small.yaml")
    let rows = try bench.labelled("out/labelled.csv")
    #expect(rows.map { $0[0] } == (1...30).map { "t\($0)" })
    #expect(rows.allSatisfy(Bench.hasOwnAnswer))
    let again = try await bench.leaven("import", "small.yaml", "all.jsonl")
    #expect(again.status == 0, "\(again.said)")
    #expect(try await bench.status()["complete"] == .bool(true))
  }

  @Test func exportedRequestsAreNotSentUntilTakenBack() async throws {
    let bench = try Bench.withTickets(5)
    let sandbox = try SandboxProcess(bench)
    let gateway = try Gateway(to: sandbox.port, hidesSandbox: true)
    defer { gateway.stop() }
    let key = ["ANTHROPIC_API_KEY": "k"]
    _ = try await bench.leaven("export", "small.yaml", "--to", "requests")
    let arguments = ["run", "--once", "--base-url", gateway.baseURL, "small.yaml"]
    let run = try await bench.leaven(arguments, variables: key)
    #expect(run.status == 0, "\(run.said)")
    #expect(!gateway.lines.contains("POST /anthropic/v1/messages/batches"))
    let discarded = try await bench.leaven("export", "--discard", "small.yaml")
    #expect(discarded.err.contains("5 requests taken back"))
    let second = try await bench.leaven(arguments, variables: key)
    #expect(second.status == 0, "\(second.said)")
    #expect(gateway.lines.contains("POST /anthropic/v1/messages/batches"), "\(gateway.lines)")
    await sandbox.stop()
  }
}
