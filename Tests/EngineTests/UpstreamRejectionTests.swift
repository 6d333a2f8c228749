import Testing

/// What becomes of records that the stage which is read rejected.
@Suite struct UpstreamRejectionTests {
  @Test(arguments: [
    ("skip", "4 read = 3 accepted + 1 skipped", 3), ("fail", "4 read = 3 accepted + 1 rejected", 3),
    ("null", "4 read = 4 accepted", 4),
  ])
  func itIsAsThePipelineSays(_ policy: String, _ counts: String, _ rows: Int) async throws {
    let pipeline = try SandboxedPipeline(records: 4)
    try pipeline.write(
      stages: """
        first:
          extract: {jsonl: passages.jsonl, key: id}
          transform: {prompt: "<p>{{ text }}</p>"}
        second:
          extract: {stage: first, on_rejected: \(policy)}
          transform: {prompt: "<p>{{ output.text if output else text }} again</p>"}
          merge: {jsonl: second.jsonl, missing: skip, set: {answer: output.text}}
        """)
    let faults = #"{"rows": [{"custom_id": "p3", "batches": {"nth": [1]}, "outcome": "refusal"}]}"#
    let outcome = try await pipeline.run(faults: faults)
    #expect(outcome.counts("first") == "4 read = 3 accepted + 1 rejected")
    #expect(outcome.counts("second") == counts)
    #expect(try pipeline.rows(of: "second.sandbox.jsonl").count == rows)
    let failures = try await pipeline.failures()
    #expect(failures.contains("second p3 upstream-rejected") == (policy == "fail"))
    let billed = outcome.billed
    #expect(try await pipeline.run(faults: faults).billed == billed)
  }
}
