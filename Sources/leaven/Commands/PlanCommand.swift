internal import ArgumentParser
internal import Engine
internal import Pipelines
internal import Sandbox

/// `leaven plan`: what a run would do now, and what it would cost.
struct PlanCommand: PipelineCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "Says what a run would ask, why, and what that would cost; sends nothing.",
    discussion: """
      Reads the sources as a run would, in a copy of the ledger that is thrown away: nothing is sent, locked or changed. \
      For each stage: what is new, what changed because of the record, the template, the model, the schema or the \
      parameters, what stays, what failed before, what is gone. Money is from a low over a likely to a high estimate, at \
      batch price; input and output are estimated from what earlier requests used, where there are any. What a stage will ask \
      once the stage above it has answered is an estimate, and said to be one. Four questions decide whether a batch is the \
      right way to send it; with 'deadline:' in the file, the plan also says how often a run has to start.

      --json prints one JSON object whose members are a contract: name; stages (name, model, counts, changes, unchanged, \
      waiting, kept, failed_before, removed, left, downstream, total, synchronous_usd, shards, waves, needs_yes, \
      experience, caching, one_by_one, counted, warm_up); total; synchronous_usd; verdict (advice, questions, deadline_hours, rounds, usual_end_at, \
      worst_end_at, cadence_hours). In each change: reason (new, changed, retried), because (record, template, \
      model, schema, parameters), records, identical, reused, rejected, and what its requests use: requests, input_tokens, \
      output_tokens, cost_usd (each low, likely, high), most_usd. Null is what is not known.

      --count-tokens 20 has the provider count the input tokens of up to 20 requests of each stage, spread over all of \
      them, and goes by that: it needs the key, and costs nothing. Anthropic, Gemini and OpenAI's Responses have such a \
      counter.

      Example:  leaven plan pipelines/tickets.yaml
      """)

  @OptionGroup var options: PipelineOptions

  @Flag(help: "Prints JSON.")
  var json = false

  @Flag(help: "Looks at the sandbox's state.")
  var sandbox = false

  @Option(
    name: .customLong("count-tokens"),
    help: ArgumentHelp(
      "Has the provider count the tokens of so many requests of each stage.", valueName: "n"))
  var countTokens: Int?

  func validate() throws {
    if let countTokens, !(1...1000).contains(countTokens) {
      throw ValidationError("--count-tokens takes 1 to 1000")
    }
  }

  func run() async throws {
    let prepared = try options.prepare(isSandbox: false, lookingAt: .sources)
    let plan = sandbox ? prepared.plan.sandboxed() : prepared.plan
    let settings = prepared.settings
    let forecast = try await StandardInput.lookedAt(by: plan, settings) { settings in
      try await self.forecast(prepared.plan, settings)
    }
    let verdict = forecast.verdict(on: plan, settings.catalog, now: Machine.now())
    if json {
      Console.line(ForecastReport.json(forecast, verdict).indented())
    } else {
      let table = ForecastTable(forecast, pipeline: options.pipeline)
      for line in table.lines + VerdictLines(verdict).lines { Console.line(line) }
    }
  }

  private func forecast(
    _ real: PipelinePlan, _ looking: RunSettings
  ) async throws -> PipelineForecast {
    let plan = sandbox ? real.sandboxed() : real
    guard let countTokens else { return try await PipelineForecast(plan, looking) }
    var settings = looking
    let server = sandbox ? try await SandboxFiles.start(real, &settings) : nil
    let outcome = await Interruption.guarding { [settings] in
      try await PipelineForecast.counting(countTokens, requestsOf: plan, settings)
    }
    await server?.stop()
    return try outcome.get()
  }
}
