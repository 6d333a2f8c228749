import Testing

/// Commands that are named as the next step, as they can be pasted: with the pipeline and the flags of the present one.
@Suite struct NextCommandTests {
  @Test func anErrorNamesThePipelineAndItsFlags() async throws {
    let bench = try Bench.withTickets(2)
    let pipeline = try bench.text(of: "small.yaml")
    try bench.write(pipeline + "\n      missing: error", to: "small.yaml")
    let flags = ["--sandbox", "--state", "a state", "small.yaml"]
    let merge = try await bench.leaven(["merge"] + flags)
    #expect(merge.status == 65, "\(merge.said)")
    #expect(
      merge.err.contains("leaven failures --sandbox --state 'a state' small.yaml --stage label"),
      "\(merge.err)")
  }

  @Test(arguments: ["run", "try"])
  func theSandboxIsProposedWithoutTheProvidersAddress(verb: String) async throws {
    let bench = try Bench.withTickets(2)
    let outcome = try await bench.leaven(verb, "--base-url", "http://127.0.0.1:9", "small.yaml")
    #expect(outcome.status == 65, "\(outcome.said)")
    #expect(outcome.err.contains("without a key: leaven run --sandbox small.yaml\n"))
  }

  @Test func aWarningNamesThePipelineAndItsFlags() async throws {
    let bench = try Bench.withTickets(2)
    try bench.writePipeline(source: "csv: tickets.csv, since: id")
    #expect(try await bench.runSmall().status == 0)
    let text = try bench.text(of: "tickets.csv").replacing("card 7919", with: "card 1")
    try bench.write(text, to: "tickets.csv")
    for verb in ["run", "merge"] {
      let outcome = try await bench.leaven(verb, "--sandbox", "small.yaml")
      #expect(outcome.status == 0, "\(outcome.said)")
      #expect(
        outcome.err.contains(
          "warning: label: 1 record is new or changed since it was read; a run reads those whose 'id' rose; "
            + "to have all read: leaven run --reread --sandbox small.yaml\n"), "\(outcome.err)")
    }
    let whole = try await bench.runSmall("--reread")
    #expect(whole.status == 0 && !whole.err.contains("warning"), "\(whole.said)")
    #expect(try bench.labelled().allSatisfy(Bench.hasOwnAnswer))
  }
}
