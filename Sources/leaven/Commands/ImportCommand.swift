internal import ArgumentParser
internal import Engine
internal import Pipelines

/// `leaven import`: takes results that were made elsewhere.
struct ImportCommand: PipelineCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Takes results files for exported requests.",
    discussion: """
      Rows are joined by custom_id; rows this pipeline did not ask for are counted and refused, lines that are no JSON \
      are named, and the command then ends with status 65. Applying a file twice changes nothing.

      Example:  leaven import pipelines/tickets.yaml results.jsonl
      """)

  @OptionGroup var options: PipelineOptions

  @Argument(help: "The results files, one row a line, also gzip.")
  var files: [String]

  @Option(help: "The stage whose results they are, where stages have equal keys.")
  var stage: String?

  func run() async throws {
    let progress = ProgressView(isQuiet: false)
    let (plan, settings) = try options.prepare(isSandbox: false) { progress.hear($0) }
    if let stage { _ = try plan.named(stage) }
    let imported = try await OfflineRun(plan, settings).importResults(files, of: stage)
    progress.end()
    for file in imported { tell(file) }
    if imported.contains(where: { $0.ambiguous > 0 }) { throw ExitStatus.decisionNeeded }
    if imported.contains(where: { $0.unreadable.count > 0 }) { throw ExitStatus.data }
  }

  private func tell(_ file: OfflineRun.Imported) {
    guard file.hadQuestions else {
      Console.note(
        "\(file.file): no exported request waits for these \(Wording.count(file.strays, "row")); "
          + "export first, or they were imported before")
      return
    }
    Console.note(
      "\(file.file): \(Wording.count(file.accepted)) accepted, \(Wording.count(file.failed)) not, "
        + (file.appliedBefore > 0 ? "\(Wording.count(file.appliedBefore)) applied before, " : "")
        + "\(Wording.count(file.strays, "row")) of nobody")
    if file.unreadable.count > 0 {
      Console.fail(
        "\(file.file): \(Wording.count(file.unreadable.count, "line")) cannot be read as JSON: "
          + Wording.lines(file.unreadable.firstLines, of: file.unreadable.count),
        hint: "If the file was cut off, import it again when it is whole")
    }
    guard file.ambiguous > 0 else { return }
    Console.fail(
      "\(file.file): \(Wording.count(file.ambiguous, "request")) were exported under one custom_id by "
        + "two stages; their rows were left alone",
      hint: next.completing(
        "Import each stage's results on their own: leaven import --stage NAME PIPELINE FILE"))
  }
}
