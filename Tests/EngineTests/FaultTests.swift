import Engine
import Ledger
import Records
import Testing

/// Bad nights: whatever happens to calls, batches and rows, the output is that of a good night, and nobody pays twice
/// where the fault allows it.
@Suite struct FaultTests {
  /// A fault and what it may cost.
  struct Night: Sendable, CustomTestStringConvertible {
    var name: String
    var faults: String
    /// Whether rows have to be billed more than once: their answers were useless or got lost at the provider.
    var costsMore = false
    /// What must have been told.
    var tells: String?

    var testDescription: String { name }
  }

  static let calls = [
    Night(
      name: "the first create's answer is lost",
      faults: #"{"calls": [{"route": "create", "calls": {"nth": 1}, "reset": "after_store"}]}"#,
      tells: "adopted"),
    Night(
      name: "every second create's answer is lost",
      faults: #"{"calls": [{"route": "create", "calls": {"every": 2}, "reset": "after_store"}]}"#,
      tells: "adopted"),
    Night(
      name: "a create is cut off before anything was done",
      faults: #"{"calls": [{"route": "create", "calls": {"nth": 2}, "reset": "before_headers"}]}"#,
      tells: "looked up"),
    Night(
      name: "the provider is overloaded",
      faults: #"{"calls": [{"route": "*", "calls": {"every": 3}, "status": 529}]}"#,
      tells: "retrying"),
    Night(
      name: "too many requests, with a retry-after",
      faults: """
        {"calls": [{"route": "create", "calls": {"until": 2}, "status": 429, "headers": {"retry-after": "7"}}]}
        """, tells: "retrying"),
    Night(
      name: "too many requests, with a date",
      faults: """
        {"calls": [{"route": "retrieve", "calls": {"until": 3}, "status": 429, "retry_after_date_s": 90}]}
        """, tells: "retrying"),
    Night(
      name: "an edge proxy's page",
      faults: """
        {"calls": [{"route": "retrieve", "calls": {"nth": [1, 3]}, "status": 502, "body": "<html>Bad Gateway"}]}
        """, tells: "retrying"),
    Night(
      name: "a create meets a server error",
      faults: #"{"calls": [{"route": "create", "calls": {"nth": 1}, "status": 500}]}"#),
    Night(
      name: "looking at a batch is cut off",
      faults: """
        {"calls": [{"route": "retrieve", "calls": {"every": 2}, "reset": "mid_body", "after_bytes": 40}]}
        """),
    Night(
      name: "results are cut off",
      faults: """
        {"calls": [{"route": "results", "calls": {"nth": [1, 2, 4]}, "reset": "mid_body", "after_bytes": 3000}]}
        """),
    Night(
      name: "results end too early",
      faults: #"{"calls": [{"route": "results", "calls": {"nth": 1}, "cut_after_bytes": 2500}]}"#,
      tells: "warning"),
    Night(
      name: "results come in small pieces",
      faults: #"{"calls": [{"route": "results", "chunk_bytes": 7}]}"#),
    Night(
      name: "listing fails",
      faults: #"{"calls": [{"route": "list", "calls": {"nth": [1, 2]}, "status": 500}]}"#),
    Night(
      name: "a batch cannot be seen at first",
      faults: #"{"calls": [{"route": "retrieve", "calls": {"until": 2}, "status": 404}]}"#),
    Night(
      name: "hours pass between calls",
      faults: #"{"calls": [{"route": "retrieve", "calls": {"nth": 2}, "advance_s": 30000}]}"#),
  ]

  static let rows = [
    Night(
      name: "rows come twice, and from nobody",
      faults: #"{"calls": [{"route": "results", "mangle": ["duplicate_rows", "unknown_ids"]}]}"#),
    Night(
      name: "results with CRLF, more fields and no final newline",
      faults:
        #"{"calls": [{"route": "results", "mangle": ["crlf", "extra_fields", "no_final_newline"]}]}"#
    ),
    Night(
      name: "errors are nested one level less",
      faults: """
        {"rows": [{"share": 0.3, "batches": {"until": 3}, "outcome": "errored", "type": "api_error"}],
         "calls": [{"route": "results", "mangle": ["flat_errors"]}]}
        """, tells: "asked again"),
    Night(
      name: "the last line is torn",
      faults: """
        {"calls": [{"route": "results", "calls": {"nth": 1}, "mangle": ["torn_last_line"]}]}
        """, tells: "warning"),
    Night(
      name: "rows are missing",
      faults:
        #"{"calls": [{"route": "results", "calls": {"nth": 1}, "mangle": ["missing_rows"]}]}"#,
      tells: "warning"),
    Night(
      name: "rows are missing for good",
      faults:
        #"{"calls": [{"route": "results", "calls": {"until": 3}, "mangle": ["missing_rows"]}]}"#,
      costsMore: true, tells: "asked again"),
    Night(
      name: "rows of a type nobody knows",
      faults:
        #"{"calls": [{"route": "results", "calls": {"nth": 1}, "mangle": ["unknown_types"]}]}"#,
      costsMore: true, tells: "asked again"),
    Night(
      name: "a third of the rows meets a server error once",
      faults:
        #"{"rows": [{"share": 0.3, "batches": {"until": 3}, "outcome": "errored", "type": "api_error"}]}"#,
      tells: "asked again"),
    Night(
      name: "rows are overloaded",
      faults: """
        {"rows": [{"share": 0.3, "batches": {"until": 3}, "outcome": "errored", "type": "overloaded_error"}]}
        """, tells: "asked again"),
    Night(
      name: "half of a batch expires",
      faults: #"{"batches": [{"which": {"nth": 1}, "done_share": 0.5}]}"#, tells: "asked again"),
    Night(
      name: "the provider cancels a batch",
      faults: #"{"batches": [{"which": {"nth": 2}, "done_share": 0.5, "cancel_after_s": 600}]}"#,
      tells: "asked again"),
    Night(
      name: "a canceled batch leaves rows out",
      faults: """
        {"batches": [{"which": {"nth": 2}, "done_share": 0.5, "cancel_after_s": 600}],
         "switches": {"canceled_rows": false}}
        """, tells: "asked again"),
    Night(
      name: "answers that are no JSON, and such that do not fit",
      faults: """
        {"rows": [{"share": 0.3, "batches": {"until": 3}, "outcome": "not_json"},
                  {"share": 0.3, "batches": {"until": 3}, "outcome": "invalid_answer"}]}
        """, costsMore: true, tells: "asked again"),
    Night(
      name: "answers are cut",
      faults: #"{"rows": [{"share": 0.4, "batches": {"until": 3}, "outcome": "max_tokens"}]}"#,
      costsMore: true, tells: "asked again"),
    Night(
      name: "empty answers",
      faults: #"{"rows": [{"share": 0.5, "batches": {"until": 3}, "outcome": "empty_answer"}]}"#,
      costsMore: true, tells: "asked again"),
  ]

  /// The output of a night in which nothing goes wrong; all tests wait for the same one.
  private static let good = Task { try await SandboxedPipeline().run().output }

  @Test(arguments: calls + rows) func theOutputIsThatOfAGoodNight(_ night: Night) async throws {
    let good = try await Self.good.value
    let bad = try await SandboxedPipeline().run(faults: night.faults)
    #expect(bad.output == good)
    #expect(bad.ending.status == .ok, "\(bad.ending.problems)")
    let counts = bad.ending.stages.first?.counts
    #expect(counts?.accepted == 40 && counts?.read == 40)
    if !night.costsMore {
      #expect(bad.meter["rows_billed"]?.int == 40, "\(bad.meter.compact) \(bad.events)")
      #expect(bad.meter["most_per_custom_id"]?.int == 1)
    }
    if let told = night.tells {
      #expect(bad.events.contains { $0.hasPrefix(told) }, "\(bad.events)")
    }
  }

  @Test func whatCannotBeReadAloudIsKept() async throws {
    // Line separators of Unicode, an escaped U+0000 and CRLF inside answers: still one line a record.
    let bad = try await SandboxedPipeline().run(
      faults: #"{"rows": [{"share": 0.5, "outcome": "unicode"}]}"#)
    #expect(bad.ending.status == .ok)
    #expect(bad.output.utf8.filter { $0 == 0x0A }.count == 40)
    #expect(!bad.output.utf8.contains(0))
  }

  @Test func aRowOfMoreThanAMegabyteIsARow() async throws {
    let bad = try await SandboxedPipeline().run(
      faults: #"{"rows": [{"custom_id": "p7", "outcome": "huge"}]}"#)
    #expect(bad.ending.status == .ok)
    #expect(bad.meter["rows_billed"]?.int == 40)
    let lines = bad.output.split(separator: "\n")
    #expect(lines.count == 40)
    #expect(lines.map(\.utf8.count).filter { $0 > 1 << 20 }.count == 1)
  }

  @Test func aQuotaStopsTheRunAndLosesNothing() async throws {
    let pipeline = try SandboxedPipeline()
    let faults = """
      {"calls": [{"route": "create", "calls": {"nth": 2}, "status": 403, "type": "permission_error"}]}
      """
    await #expect(throws: (any Error).self) { try await pipeline.run(faults: faults) }
    let after = try await pipeline.run()
    #expect(after.ending.status == .ok)
    #expect(after.meter["rows_billed"]?.int == 40)
  }
}
