import Testing

/// No answer of a sandbox ever reaches a real target.
@Suite struct IsolationTests {
  @Test func aRealTargetNeverHoldsASandboxAnswer() async throws {
    let bench = try Bench.withTickets(20, shard: 50)
    let key = ["ANTHROPIC_API_KEY": "k"]
    // First a sandbox by its address: it says what it is in every answer.
    let sandbox = try SandboxProcess(bench, ["--virtual", "--dir", "sandbox"])
    let tried = try await bench.leaven(
      ["run", "--base-url", sandbox.baseURL, "small.yaml"], variables: key)
    #expect(tried.status == 0, "\(tried.said)")
    #expect(bench.has("out/labelled.sandbox.csv"))
    #expect(!bench.has("out/labelled.csv"))
    #expect(!bench.has(".leaven/small/ledger.sqlite"))
    // Merging by hand without --sandbox finds no answers.
    let merged = try await bench.leaven("merge", "small.yaml")
    #expect(!merged.said.contains("20 written"), "\(merged.said)")
    if bench.has("out/labelled.csv") {
      #expect(try bench.labelled("out/labelled.csv").allSatisfy { $0[2].isEmpty && $0[3].isEmpty })
    }

    // Then a provider that does not call itself a sandbox: everything is asked again.
    try bench.write(
      #"{"match": {}, "answer": {"label": "c", "summary": "from the provider"}}"# + "\n",
      to: "answers.jsonl")
    let provider = try SandboxProcess(
      bench, ["--batch-seconds", "0", "--dir", "provider", "--answers", "answers.jsonl"])
    let gateway = try Gateway(to: provider.port, hidesSandbox: true)
    defer { gateway.stop() }
    let arguments = ["run", "--once", "--base-url", gateway.baseURL, "small.yaml"]
    let sent = try await bench.leaven(arguments, variables: key)
    #expect(sent.status == 0, "\(sent.said)")
    #expect(sent.err.contains("20 submitted"))
    if bench.has("out/labelled.csv") {
      #expect(try bench.labelled("out/labelled.csv").allSatisfy { $0[2].isEmpty })
    }
    // A batch is asked after once a minute; one that was canceled, at once.
    _ = try await bench.leaven(
      ["cancel", "--base-url", gateway.baseURL, "small.yaml"], variables: key)
    let collected = try await bench.leaven(arguments + ["--release"], variables: key)
    #expect(collected.status == 0, "\(collected.said)")
    let real = try bench.labelled("out/labelled.csv")
    #expect(real.count == 20)
    #expect(real.allSatisfy { $0[2] == "c" && $0[3] == "from the provider" }, "\(collected.said)")
    #expect(try await provider.meter().rows == 20)
    #expect(
      try bench.labelled().allSatisfy(Bench.hasOwnAnswer), "the sandbox's output is as it was")
    await provider.stop()
    await sandbox.stop()
  }

  @Test func aRealAddressIsNotTakenForTheSandboxThatWasThere() async throws {
    let bench = try Bench.withTickets(5)
    let key = ["ANTHROPIC_API_KEY": "k"]
    let sandbox = try SandboxProcess(bench, ["--batch-seconds", "0", "--dir", "one"])
    let gateway = try Gateway(to: sandbox.port, hidesSandbox: true)
    let sent = try await bench.leaven(
      ["run", "--once", "--base-url", gateway.baseURL, "small.yaml"], variables: key)
    #expect(sent.status == 0, "\(sent.said)")
    // The same ledger with another origin: its answers are not used, and nothing is sent there.
    let other = try Gateway(to: sandbox.port, hidesSandbox: true)
    let refused = try await bench.leaven(
      ["run", "--once", "--base-url", other.baseURL, "small.yaml"], variables: key)
    #expect(refused.status == 65, "\(refused.said)")
    #expect(!other.lines.contains("POST /anthropic/v1/messages/batches"))
    gateway.stop()
    other.stop()
    await sandbox.stop()
  }
}
