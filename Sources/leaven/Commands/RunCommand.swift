internal import ArgumentParser
internal import Engine
internal import Foundation
internal import Pipelines
internal import Providers
internal import Sandbox

/// `leaven run`: does the work.
struct RunCommand: PipelineCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Does the work; always goes on from where the ledger says.",
    discussion: """
      Without --once it waits for the provider and shows progress; with it, it advances as far as possible and \
      ends: the form for cron. Two runs of one pipeline never overlap: the second says so and ends with 0.

      Exit status: 0 complete or advanced, 1 too many records rejected, 2 a person must decide, 65 pipeline or data, \
      69 the provider refuses, 73 cannot write, 75 trouble that may pass: run again.

      Example:  leaven run --sandbox pipelines/tickets.yaml
      Cron:     */10 * * * * cd /srv/rag && leaven run --once --quiet pipelines/rag.yaml
      """)

  @OptionGroup var options: PipelineOptions

  @Flag(help: "Advances without waiting, and ends.")
  var once = false

  @Flag(
    help: "Uses the built-in sandbox: no key, no cost, own state and own outputs (x.sandbox.jsonl)."
  )
  var sandbox = false

  @Option(name: .customLong("base-url"), help: "Sends to this address instead of the provider's.")
  var baseURL: String?

  @Option(help: ArgumentHelp("The sandbox's answers, from a script.", valueName: "file"))
  var answers: String?

  @Option(help: ArgumentHelp("What goes wrong in the sandbox, from a script.", valueName: "file"))
  var faults: String?

  @Flag(
    name: .customLong("accept-reask"), help: "Asks again for accepted answers beyond reask_limit.")
  var acceptReask = false

  @Flag(
    name: .customLong("accept-canary"),
    help: "Sends the rest although the first requests were not good enough.")
  var acceptCanary = false

  @Flag(
    name: .customLong("rehearse-canary"),
    help: "Sends a first request alone in a sandbox, too, as where it costs money.")
  var rehearseCanary = false

  @Option(
    help: ArgumentHelp(
      "Works on this stage alone; the others only bring in what they sent.", valueName: "stage"))
  var only: String?

  @Option(help: ArgumentHelp("Works on this stage and those that build on it.", valueName: "stage"))
  var from: String?

  @Option(
    help: ArgumentHelp("Works on this stage and those that it builds on.", valueName: "stage"))
  var until: String?

  @Flag(
    name: .customLong("reread"),
    help: "Reads sources whole, whatever 'since' says: finds records that are gone.")
  var reread = false

  @Flag(help: "Lets a pipeline on hold send again.")
  var release = false

  @Option(
    name: .customLong("assume-absent"),
    help: ArgumentHelp(
      "Takes your word that the provider does not have this shard.", valueName: "shard"))
  var assumeAbsent: Int64?

  @Flag(help: "Prints errors only.")
  var quiet = false

  func validate() throws {
    if sandbox, baseURL != nil {
      throw ValidationError("--sandbox and --base-url exclude each other")
    }
    if only != nil, from != nil || until != nil {
      throw ValidationError("--only goes with neither --from nor --until")
    }
    if !sandbox, answers != nil || faults != nil {
      throw ValidationError("--answers and --faults are for --sandbox")
    }
  }

  func run() async throws {
    let (prepared, obstacle) = try await prepare()
    let plan = prepared.plan
    var settings = prepared.settings
    let telling = RunTelling(
      plan, style: quiet ? .errorsOnly : once ? .tick : .progress, next)
    settings.report = { telling.hear($0) }
    settings.baseURL = baseURL
    settings.reaskAnswer = acceptReask ? true : nil
    settings.selection = obstacle == nil ? try selection(in: plan) : .nothing
    settings.readsEverything = reread
    settings.rehearsesCanary = rehearseCanary
    settings.canaryAnswer = acceptCanary ? true : nil
    settings.askReask = { stage, reask in
      Console.ask(
        "stage '\(stage)': ask again for \(Wording.reask(reask)), because the prompt or the way of asking "
          + "changed?") ?? false
    }
    settings.spoolsStandardInput = StandardInput.isPiped
    let server =
      sandbox
      ? try await SandboxFiles.start(plan, &settings, answers: answers, faults: faults) : nil
    let outcome = await Interruption.guarding { [settings] in
      try await carryOut(plan, settings, once || obstacle != nil ? .once : .untilDone)
    }
    await server?.stop()
    telling.end()
    let alerts = AlertBook(sandbox ? plan.sandboxed() : plan, settings)
    switch outcome {
    case .success(let ending):
      telling.tell(ending, pipeline: options.pipeline)
      if let obstacle {
        telling.alert(alerts.end(.exit, .data, because: obstacle.description))
        throw obstacle
      }
      telling.alert(ending, alerts)
      if ending.status != .ok { throw ending.status }
    case .failure(let error):
      if let failure = Failing(error), !(error is CancellationError) {
        telling.alert(alerts.end(.exit, failure.status, because: failure.sentence))
      }
      throw error
    }
  }

  /// The plan and the settings. When only a source or a target is not as it must be while batches are at the provider,
  /// they are for bringing those in; why no more can be done is told then.
  private func prepare() async throws -> (
    (plan: PipelinePlan, settings: RunSettings), obstacle: PipelineProblems?
  ) {
    do {
      return (try options.prepare(isSandbox: false), nil)
    } catch let problems as PipelineProblems {
      // What is wrong with the file itself was told by the first check.
      guard let bare = try? options.prepare(isSandbox: false, lookingAt: []),
        let status = try? await PipelineStatus(
          sandbox ? bare.plan.sandboxed() : bare.plan, bare.settings),
        status.stages.contains(where: { $0.batchesInFlight > 0 })
      else { throw problems }
      return (bare, problems)
    }
  }

  private func selection(in plan: PipelinePlan) throws -> StageSelection {
    for name in [only, from, until].compactMap(\.self) { _ = try plan.named(name) }
    return switch (only, from, until) {
    case (let only?, _, _): .only(only)
    case (_, let first?, let last?): .between(first, last)
    case (_, let first?, _): .from(first)
    case (_, _, let last?): .until(last)
    default: .all
    }
  }

  private func carryOut(
    _ plan: PipelinePlan, _ settings: RunSettings, _ patience: PipelineRun.Patience
  ) async throws -> PipelineRun.Ending {
    let run = try await PipelineRun(plan, settings)
    if release { try await run.release() }
    if let assumeAbsent, try await !run.assumeAbsent(shard: assumeAbsent) {
      throw Failing(
        "shard \(assumeAbsent) does not wait for such a word",
        hint: "see: \(next.look("status"))",
        status: .usage)
    }
    return try await run.run(patience)
  }
}
