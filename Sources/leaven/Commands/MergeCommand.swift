internal import ArgumentParser
internal import Engine
internal import Pipelines

/// `leaven merge`: writes the outputs from what is accepted so far.
struct MergeCommand: PipelineCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge",
    abstract: "Writes the outputs from what is accepted so far.",
    discussion: """
      `run` merges a stage by itself when nothing of it is pending. Merging again changes nothing.

      Example:  leaven merge pipelines/tickets.yaml
      """)

  @OptionGroup var options: PipelineOptions

  @Option(help: "Only this stage; may be repeated.")
  var stage: [String] = []

  @Flag(help: "Writes the sandbox's outputs from the sandbox's answers.")
  var sandbox = false

  func run() async throws {
    let (plan, settings) = try options.prepare(isSandbox: sandbox)
    let writing = plan.stages.filter { $0.merge != nil }
    for name in stage { _ = try plan.named(name, among: writing, butFor: "has no merge") }
    if writing.isEmpty { Console.note("no stage has a merge: there is nothing to write") }
    let progress = ProgressView(isQuiet: false)
    for (name, outcome) in try await OfflineRun(plan, settings).merge(stages: stage) {
      progress.hear(.merged(stage: name, outcome))
      if let words = outcome.wordsOnChanges(since: plan.stage(name)?.since) {
        progress.hear(.warning(stage: name, next.completing(words)))
      }
    }
  }
}
