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
    #expect(first.err.contains("15 accepted, 0 not, 1 row of nobody"), "\(first.err)")
    let merged = try await bench.leaven("merge", "small.yaml")
    #expect(merged.status == 0)
    #expect(merged.err.contains("15 written, 15 without an answer"), "\(merged.err)")

    let whole = results(for: requests)
    let lines = whole.split(separator: "\n")
    try bench.write(
      (lines.prefix(4) + ["", lines[4].prefix(60)]).joined(separator: "\n"), to: "torn.jsonl")
    let torn = try await bench.leaven("import", "small.yaml", "torn.jsonl")
    #expect(torn.status == 65, "\(torn.said)")
    #expect(torn.err.contains("4 accepted, 0 not, 0 rows of nobody"), "\(torn.err)")
    #expect(torn.err.contains("1 line cannot be read as JSON: line 6"), "\(torn.err)")
    try bench.write(whole, to: "all.jsonl")
    let second = try await bench.leaven("import", "small.yaml", "all.jsonl")
    #expect(
      second.err.contains("11 accepted, 0 not, 19 applied before, 0 rows of nobody"),
      "\(second.err)")
    _ = try await bench.leaven("merge", "small.yaml")
    let rows = try bench.labelled("out/labelled.csv")
    #expect(rows.map { $0[0] } == (1...30).map { "t\($0)" })
    #expect(rows.allSatisfy(Bench.hasOwnAnswer))
    let again = try await bench.leaven("import", "small.yaml", "all.jsonl")
    #expect(again.status == 0, "\(again.said)")
    #expect(try await bench.status()["complete"] == .bool(true))
  }

  /// Where an answer's text lies is noted, so that a merge need not read the whole row: it makes no difference, and a
  /// file that is not what it was is told.
  @Test func aMergeReadsTextsAsItReadsRows() async throws {
    let bench = try Bench.withTickets(30)
    let exported = try await bench.leaven("export", "small.yaml", "--to", "requests")
    let requests = try exported.out.split(separator: "\n").flatMap {
      try bench.rows(of: String($0.dropFirst(bench.folder.count + 1)))
    }
    try bench.write(results(for: requests), to: "all.jsonl")
    _ = try await bench.leaven("import", "small.yaml", "all.jsonl")
    let ledger = ".leaven/small/ledger.sqlite"
    let noted = try bench.query(
      "SELECT count(*) AS n FROM attempts WHERE text_end > text_start", in: ledger)
    #expect(noted == [["30"]])
    let merged = try await bench.leaven("merge", "small.yaml")
    #expect(merged.status == 0, "\(merged.said)")
    let byTexts = try bench.text(of: "out/labelled.csv")

    let file = try #require(try bench.query("SELECT file FROM results", in: ledger).first?.first)
    let path = ".leaven/small/" + (try #require(file))
    let whole = try bench.text(of: path)
    try bench.write(whole.replacing(#"{\"label\""#, with: #"{"label\""#), to: path)
    let damaged = try await bench.leaven("merge", "small.yaml")
    #expect(damaged.status == 73 || damaged.status == 70 || damaged.status == 65, "\(damaged.said)")
    #expect(damaged.err.contains("results/"), "\(damaged.err)")
    #expect(try bench.text(of: "out/labelled.csv") == byTexts)

    try bench.write(whole, to: path)
    try bench.execute("UPDATE attempts SET text_start = NULL, text_end = NULL", in: ledger)
    let again = try await bench.leaven("merge", "small.yaml")
    #expect(again.status == 0, "\(again.said)")
    #expect(try bench.text(of: "out/labelled.csv") == byTexts)
  }

  /// Requests for `vllm run-batch`, and its output: a row as newer versions write it, one of an older one, and two failures.
  @Test func aLocalRunnerAnswersWhatWasExported() async throws {
    let bench = try Bench.withTickets(
      4,
      top: #"providers: {local: {kind: openai-compatible, base_url: "http://localhost:8000/v1"}}"#)
    let pipeline = try bench.text(of: "small.yaml")
      .replacing("provider: anthropic", with: "provider: local\n      mode: batch")
      .replacing("claude-haiku-4-5", with: "meta-llama/Meta-Llama-3-8B-Instruct")
    try bench.write(pipeline, to: "small.yaml")
    let exported = try await bench.leaven("export", "small.yaml", "--to", "requests")
    #expect(exported.status == 0, "\(exported.said)")
    let file = try #require(exported.out.split(separator: "\n").first)
    let requests = try bench.rows(of: String(file.dropFirst(bench.folder.count + 1)))
    #expect(requests.map { $0["custom_id"]?.string } == ["t1", "t2", "t3", "t4"])
    for request in requests {
      #expect(request["method"] == .string("POST"))
      #expect(request["url"] == .string("/v1/chat/completions"))
      let body = try #require(request["body"])
      #expect(body["model"]?.string == "meta-llama/Meta-Llama-3-8B-Instruct")
      #expect(body["max_tokens"]?.int == 100 && body["max_completion_tokens"] == nil)
      #expect(body["response_format"]?["json_schema"]?["name"]?.string == "answer")
    }
    try bench.write(
      #"""
      {"id":"vllm-5a1","custom_id":"t1","response":{"status_code":200,"request_id":"vllm-batch-0c2","body":{"id":"chatcmpl-77","object":"chat.completion","created":1760000000,"model":"meta-llama/Meta-Llama-3-8B-Instruct","choices":[{"index":0,"message":{"role":"assistant","content":"{\"label\": \"a\", \"summary\": \"one\"}","refusal":null,"tool_calls":[]},"logprobs":null,"finish_reason":"stop","stop_reason":null}],"usage":{"prompt_tokens":25,"total_tokens":37,"completion_tokens":12,"prompt_tokens_details":null}}},"error":null}
      {"id":"vllm-5a2","custom_id":"t2","response":{"id":"cmpl-61","object":"chat.completion","created":1715633336,"model":"meta-llama/Meta-Llama-3-8B-Instruct","choices":[{"index":0,"message":{"role":"assistant","content":"{\"label\": \"b\", \"summary\": \"two\"}"},"logprobs":null,"finish_reason":"stop","stop_reason":null}],"usage":{"prompt_tokens":25,"total_tokens":37,"completion_tokens":12}},"error":null}
      {"id":"vllm-5a3","custom_id":"t3","response":{"status_code":400,"request_id":"vllm-batch-0c3","body":null},"error":{"error":{"message":"This model's maximum context length is 8192 tokens.","type":"BadRequestError","param":null,"code":400}}}
      {"id":"vllm-5a4","custom_id":"t4","response":{"status_code":400,"request_id":"vllm-batch-0c4","body":null},"error":"The URL is not supported."}

      """#, to: "results.jsonl")
    let imported = try await bench.leaven("import", "small.yaml", "results.jsonl")
    #expect(imported.status == 0, "\(imported.said)")
    #expect(imported.err.contains("2 accepted, 2 not"), "\(imported.err)")
    let merged = try await bench.leaven("merge", "small.yaml")
    #expect(merged.status == 0, "\(merged.said)")
    let rows = try bench.labelled("out/labelled.csv")
    #expect(rows.map { $0[3] } == ["one", "two", "", ""])
    let failures = try await bench.leaven("failures", "small.yaml")
    #expect(failures.out.contains("maximum context length"), "\(failures.said)")
  }

  @Test func whatWasTakenBackOrFailedIsExportedAgain() async throws {
    let bench = try Bench.withTickets(3)
    func export(to folder: String) async throws -> [JSONValue] {
      let exported = try await bench.leaven("export", "small.yaml", "--to", folder)
      #expect(exported.status == 0, "\(exported.said)")
      return try exported.out.split(separator: "\n").flatMap { file in
        try bench.rows(of: String(file.dropFirst(bench.folder.count + 1)))
      }
    }
    let requests = try await export(to: "one")
    #expect(requests.map { $0["custom_id"]?.string } == ["t1", "t2", "t3"])
    #expect(try await export(to: "none").isEmpty)
    let discarded = try await bench.leaven("export", "--discard", "small.yaml")
    #expect(discarded.err.contains("3 requests taken back"))
    #expect(try await export(to: "two") == requests)
    try bench.write(
      results(for: Array(requests.prefix(2)))
        + #"{"custom_id":"t3","result":{"type":"expired"}}"# + "\n", to: "results.jsonl")
    let imported = try await bench.leaven("import", "small.yaml", "results.jsonl")
    #expect(imported.err.contains("2 accepted, 1 not"), "\(imported.err)")
    #expect(try await export(to: "three") == [requests[2]])
    try bench.write(results(for: [requests[2]]), to: "last.jsonl")
    _ = try await bench.leaven("import", "small.yaml", "last.jsonl")
    _ = try await bench.leaven("merge", "small.yaml")
    #expect(try bench.labelled("out/labelled.csv").allSatisfy(Bench.hasOwnAnswer))
    #expect(try await bench.status()["complete"] == .bool(true))
  }

  @Test func mergeFollowsTheSource() async throws {
    let bench = try Bench.withTickets(800, shard: 1000)
    let exported = try await bench.leaven("export", "small.yaml", "--to", "requests")
    let file = try #require(exported.out.split(separator: "\n").first)
    let requests = try bench.rows(of: String(file.dropFirst(bench.folder.count + 1)))
    try bench.write(results(for: requests), to: "all.jsonl")
    _ = try await bench.leaven("import", "small.yaml", "all.jsonl")
    // As it was, backwards, turned, with gaps, and with records that were never asked about.
    let orders: [[Int]] = [
      Array(1...800), (1...800).reversed(), Array(500...800) + Array(1...499),
      (1...800).filter { $0 % 300 > 20 }, Array(1...300) + [9001, 9002] + Array(301...800),
      (0..<800).map { $0 * 263 % 800 + 1 },
    ]
    for order in orders {
      try bench.write(Bench.tickets(order), to: "tickets.csv")
      let merged = try await bench.leaven("merge", "small.yaml")
      #expect(merged.status == 0, "\(merged.said)")
      let rows = try bench.labelled("out/labelled.csv")
      #expect(rows.map { $0[0] } == order.map { "t\($0)" })
      #expect(rows.filter { Bench.hasOwnAnswer($0) }.count == order.count { $0 <= 800 })
    }
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

  @Test func aKeyIsOutInOneFileOnly() async throws {
    let bench = try Bench.withTickets(3)
    let first = try await bench.leaven("export", "small.yaml", "--to", "one")
    let old = try exportedRequests(of: first, on: bench)
    try bench.write(results(for: old), to: "old.jsonl")
    let edited = try bench.text(of: "tickets.csv").replacing("card 7919", with: "purse 7919")
    try bench.write(edited, to: "tickets.csv")
    let second = try await bench.leaven("export", "small.yaml", "--to", "two")
    #expect(try exportedRequests(of: second, on: bench).isEmpty, "\(second.said)")
    // The answer to the old text is kept and counted, not given to the new one.
    let settled = try await bench.leaven("import", "small.yaml", "old.jsonl")
    #expect(settled.status == 0, "\(settled.said)")
    let third = try await bench.leaven("export", "small.yaml", "--to", "three")
    let new = try exportedRequests(of: third, on: bench)
    #expect(new.map { $0["custom_id"]?.string } == ["t1"])
    // The same results under another name answer nothing any more.
    try bench.write(results(for: old), to: "copy.jsonl")
    let again = try await bench.leaven("import", "small.yaml", "copy.jsonl")
    #expect(again.status == 0)
    #expect(again.err.contains("no exported request waits for these 3 rows"), "\(again.err)")
    try bench.write(results(for: new), to: "new.jsonl")
    #expect(try await bench.leaven("import", "small.yaml", "new.jsonl").err.contains("1 accepted"))
    _ = try await bench.leaven("merge", "small.yaml")
    let rows = try bench.labelled("out/labelled.csv")
    #expect(rows.count == 3 && rows.allSatisfy(Bench.hasOwnAnswer), "\(rows)")
  }

  @Test func rowsOfTwoStagesWithEqualKeysAreTakenByName() async throws {
    let bench = try Bench.withTickets(4)
    let small = try bench.text(of: "small.yaml")
    let start = try #require(small.firstRange(of: "  label:")?.lowerBound)
    let stage = String(small[start...])
    let other = stage.replacing("  label:", with: "  other:").replacing(
      "out/labelled.csv", with: "out/other.csv"
    ).replacing("<message>", with: "Once more: <message>")
    try bench.write(small + "\n" + other, to: "small.yaml")
    let exported = try await bench.leaven("export", "small.yaml", "--to", "requests")
    let requests = try exportedRequests(of: exported, on: bench)
    #expect(requests.count == 8, "\(exported.said)")
    try bench.write(results(for: Array(requests.prefix(4))), to: "label.jsonl")
    let both = try await bench.leaven("import", "small.yaml", "label.jsonl")
    #expect(both.status == 2, "\(both.said)")
    #expect(both.err.contains("--stage"), "\(both.err)")
    let one = try await bench.leaven("import", "--stage", "label", "small.yaml", "label.jsonl")
    #expect(one.err.contains("4 accepted"), "\(one.err)")
    let none = try await bench.leaven("import", "--stage", "labl", "small.yaml", "label.jsonl")
    #expect(none.status == 64, "\(none.said)")
    let stages = try #require(try await bench.status()["stages"]?.array)
    #expect(stages.map { $0["counts"]?["accepted"]?.int } == [4, 0])
  }

  /// The requests in the files that an export named.
  private func exportedRequests(
    of outcome: Bench.Outcome, on bench: Bench
  ) throws -> [JSONValue] {
    try outcome.out.split(separator: "\n").flatMap {
      try bench.rows(of: String($0.dropFirst(bench.folder.count + 1)))
    }
  }
}
