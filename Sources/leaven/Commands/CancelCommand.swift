internal import ArgumentParser
internal import Engine
internal import Providers
internal import Sandbox

/// `leaven cancel`: puts a pipeline on hold and cancels its batches.
struct CancelCommand: PipelineCommand {
  static let configuration = CommandConfiguration(
    commandName: "cancel",
    abstract: "Cancels the batches in flight and puts the pipeline on hold.",
    discussion: """
      Best effort: rows that are finished are kept, paid for, and collected by later runs. Nothing is sent \
      until: leaven run --release PIPELINE

      Example:  leaven cancel pipelines/tickets.yaml
      """)

  @OptionGroup var options: PipelineOptions

  @Option(name: .customLong("base-url"), help: "Sends to this address instead of the provider's.")
  var baseURL: String?

  @Flag(help: "Cancels in the built-in sandbox.")
  var sandbox = false

  func run() async throws {
    let prepared = try options.prepare(isSandbox: false, lookingAt: [])
    let plan = prepared.plan
    var settings = prepared.settings
    settings.baseURL = baseURL
    let server = sandbox ? try await SandboxFiles.start(plan, &settings) : nil
    let run = try await PipelineRun(plan, settings)
    let canceled = try await run.cancel()
    await server?.stop()
    Console.note(
      "\(Wording.count(canceled.batches.count, "batch", "batches")) asked to end, "
        + "\(Wording.count(canceled.alreadyEnded)) over already; the pipeline is on hold")
    for failure in canceled.failures { Console.fail(failure.description, hint: failure.hint) }
    Console.note(
      "finished rows come in with: \(next.run()); to send again: --release")
    if !canceled.failures.isEmpty { throw ExitStatus.tryAgain }
  }
}
