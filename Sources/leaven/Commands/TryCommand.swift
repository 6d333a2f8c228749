internal import ArgumentParser
internal import Engine
internal import Foundation
internal import Pipelines
internal import Providers
internal import Records
internal import Sandbox

/// `leaven try`: a few records over the synchronous API.
struct TryCommand: PipelineCommand {
  static let configuration = CommandConfiguration(
    commandName: "try",
    abstract: "Asks for a few records at once, and shows prompt and answer side by side.",
    discussion: """
      The answers come over the synchronous API, at full price, and count: a run does not ask for them again. \
      What was answered before is shown and costs nothing. With --json, one JSON document a record: key, line, prompt, \
      answer, outcome, reason, cost_usd.

      Exit status: 0 all answers are good, 1 some are not, otherwise as run.

      Example:  leaven try --sandbox pipelines/tickets.yaml -n 3
      """)

  @OptionGroup var options: PipelineOptions

  @Option(name: .shortAndLong, help: "How many records.")
  var n = 5

  @Option(help: "Only the record with this key.")
  var key: String?

  @Option(help: "The stage; the first that asks a model when it is not named.")
  var stage: String?

  @Flag(help: "Uses the built-in sandbox: no key, no cost, own state.")
  var sandbox = false

  @Option(name: .customLong("base-url"), help: "Sends to this address instead of the provider's.")
  var baseURL: String?

  @Flag(help: "Prints one JSON document a record.")
  var json = false

  func validate() throws {
    if sandbox, baseURL != nil {
      throw ValidationError("--sandbox and --base-url exclude each other")
    }
    if n < 1 || n > 1000 { throw ValidationError("-n takes 1 to 1000") }
  }

  func run() async throws {
    let prepared = try options.prepare(isSandbox: false)
    let plan = prepared.plan
    var settings = prepared.settings
    settings.baseURL = baseURL
    settings.spoolsStandardInput = StandardInput.isPiped
    let askers = plan.stages.filter { $0.calculation == nil }
    let named = try stage.map { try plan.named($0, among: askers, butFor: "asks no model") }
    guard let stage = named ?? askers.first else {
      throw Failing("no stage of this pipeline asks a model", status: .usage)
    }
    let server = sandbox ? try await SandboxFiles.start(plan, &settings) : nil
    let outcome = await Interruption.guarding { [settings] in
      try await PipelineRun(plan, settings).tryOut(n, key: key, stage: stage)
    }
    await server?.stop()
    try tell(try outcome.get())
  }

  private func tell(_ report: TrialReport) throws {
    for sample in report.samples { if json { line(sample) } else { show(sample) } }
    guard !report.samples.isEmpty else {
      throw Failing(
        key.map { "no record has the key '\($0)'" } ?? "there is no record to try", status: .data)
    }
    let good = report.samples.count { $0.outcome == .accepted || $0.outcome == .known }
    let known = report.samples.count { $0.outcome == .known }
    Console.note(
      "\(Wording.count(good)) of \(Wording.count(report.samples.count, "answer")) good"
        + (known > 0 ? ", \(Wording.count(known)) known before" : "")
        + ", \(Wording.money(report.cost))")
    if let problem = report.problem { throw problem }
    if good < report.samples.count { throw ExitStatus.tooManyRejected }
  }

  private func show(_ sample: TrialSample) {
    Console.line(Console.bold("— key \(sample.key), line \(sample.line)\(verdict(sample))"))
    for line in SideBySide.lines(sample.prompt, shown(sample.answer)) { Console.line(line) }
  }

  private func verdict(_ sample: TrialSample) -> String {
    switch sample.outcome {
    case .accepted: ""
    case .known: ", answered before"
    case .failed(let why): ": \(why)"
    case .rejected(let why): ", would be rejected: \(why)"
    case .unasked: ", was not asked"
    }
  }

  /// JSON over several lines, other text as it came.
  private func shown(_ answer: String) -> String {
    guard let value = try? JSONValue(parsing: Array(answer.utf8)) else {
      return answer  // What is no JSON is shown as it came.
    }
    return value.indented()
  }

  private func line(_ sample: TrialSample) {
    var members: [JSONValue.Member] = [
      .init("key", .string(sample.key)), .init("line", .number(sample.line)),
      .init("prompt", .string(sample.prompt)), .init("answer", .string(sample.answer)),
    ]
    let (word, reason): (String, String?) =
      switch sample.outcome {
      case .accepted: ("accepted", nil)
      case .known: ("known", nil)
      case .failed(let why): ("failed", why)
      case .rejected(let why): ("rejected", why)
      case .unasked: ("unasked", nil)
      }
    members.append(.init("outcome", .string(word)))
    members.append(.init("reason", reason.map { .string($0) } ?? .null))
    members.append(.init("cost_usd", .string(sample.cost.decimal)))
    Console.line(JSONValue.object(members).compact)
  }
}
