import Records
import Testing

@Suite struct FailureTests {
  private static let faults = """
    {"rows": [
      {"custom_id": "t3", "outcome": "refusal"},
      {"custom_id": "t5", "outcome": "not_json"},
      {"custom_id": "t6", "outcome": "invalid_answer"},
      {"custom_id": "t7", "outcome": "max_tokens"},
      {"custom_id": "t8", "outcome": "errored", "type": "invalid_request_error", "message": "no such thing"},
      {"custom_id": "t9", "outcome": "errored", "type": "api_error", "batches": {"nth": 1}},
      {"custom_id": "t10", "outcome": "expired", "batches": {"nth": 1}},
      {"custom_id": "t11", "outcome": "empty_answer", "batches": {"until": 2}}
    ]}
    """

  private static let reasons = [
    "t3": ("refusal", 1), "t5": ("invalid-answer", 3), "t6": ("invalid-answer", 3),
    "t7": ("truncated", 3), "t8": ("invalid-request", 1),
  ]

  private func failed() async throws -> (Bench, Bench.Outcome) {
    let bench = try Bench.withTickets(20, shard: 100)
    try bench.write(Self.faults, to: "faults.json")
    return (bench, try await bench.runSmall("--faults", "faults.json"))
  }

  @Test func failuresAreListedWithTheirReasons() async throws {
    let (bench, run) = try await failed()
    #expect(run.status == 1, "\(run.said)")
    #expect(run.err.contains("15 accepted + 5 rejected"))
    #expect(run.err.contains("leaven failures --sandbox small.yaml"))
    let listed = try await bench.leaven("failures", "--sandbox", "--jsonl", "small.yaml")
    #expect(listed.status == 0)
    let failures = try listed.out.split(separator: "\n").map {
      try JSONValue(parsing: Array($0.utf8))
    }
    #expect(failures.count == Self.reasons.count)
    for failure in failures {
      let expected = Self.reasons[failure["key"]?.string ?? ""]
      #expect(failure["reason"]?.string == expected?.0, "\(failure)")
      #expect(failure["attempts"]?.int == expected?.1, "\(failure)")
    }
    let plain = try await bench.leaven("failures", "--sandbox", "small.yaml")
    #expect(plain.out.split(separator: "\n").count == 5)
    #expect(plain.out.contains("no such thing"))
  }

  @Test func aFieldThatCannotBeCalculatedIsNamedWithItsRecord() async throws {
    let bench = try Bench.withTickets(3)
    let pipeline = try bench.text(of: "small.yaml").replacing(
      "set: {label: output.label,",
      with: "set: {label: \"1 / (0 if id == 't2' else 1)\",")
    try bench.write(pipeline, to: "small.yaml")
    let run = try await bench.runSmall()
    #expect(run.status == 65, "\(run.said)")
    #expect(
      run.err.contains(
        "error: stage 'label', record 't2' (line 3): the field 'label' cannot be calculated: "),
      "\(run.err)")
    #expect(run.err.contains("default(…)") && run.err.contains("then run again"), "\(run.err)")
    #expect(!bench.has("out/labelled.sandbox.csv"))
  }

  @Test func recordsWithoutAnAnswerFollowMissing() async throws {
    let (bench, _) = try await failed()
    let rows = try bench.labelled()
    #expect(rows.count == 20)
    for (number, row) in zip(1..., rows) {
      if Self.reasons["t\(number)"] != nil {
        #expect(Array(row.suffix(2)) == ["", ""], "\(row)")
      } else {
        #expect(Bench.hasOwnAnswer(row), "\(row)")
      }
    }
  }

  @Test func retryAsksThemAgainAndOnlyThem() async throws {
    let (bench, _) = try await failed()
    let calls = try bench.sandboxCalls("create")
    let retried = try await bench.leaven("failures", "--sandbox", "--retry", "small.yaml")
    #expect(retried.err.contains("5 records put back"))
    let second = try await bench.runSmall()
    #expect(second.status == 0, "\(second.said)")
    #expect(second.err.contains("20 read = 20 accepted"))
    #expect(try bench.sandboxCalls("create") <= calls + 2)
    #expect(try bench.labelled().allSatisfy(Bench.hasOwnAnswer))
    let none = try await bench.leaven("failures", "--sandbox", "small.yaml")
    #expect(none.out.isEmpty)
  }

  @Test func aFewFailuresMayBeAllowed() async throws {
    let bench = try Bench.withTickets(20, shard: 100, top: "max_rejected: 50%")
    try bench.write(Self.faults, to: "faults.json")
    let run = try await bench.runSmall("--faults", "faults.json")
    #expect(run.status == 0, "\(run.said)")
  }

  @Test func aMisspeltFaultIsAnError() async throws {
    let bench = try Bench.withTickets(2)
    try bench.write(#"{"rowz": []}"#, to: "faults.json")
    let run = try await bench.runSmall("--faults", "faults.json")
    #expect(run.status != 0 && run.status != 70 && run.signal == nil)
    #expect(run.err.contains("rowz"))
  }
}
