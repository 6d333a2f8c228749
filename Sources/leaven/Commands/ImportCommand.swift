internal import ArgumentParser
internal import Engine

/// `leaven import`: takes results that were made elsewhere.
struct ImportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Takes results files for exported requests.",
    discussion: """
      Rows are joined by custom_id; rows this pipeline did not ask for are counted and refused. Applying a file twice \
      changes nothing.

      Example:  leaven import pipelines/tickets.yaml results.jsonl
      """)

  @OptionGroup var options: PipelineOptions

  @Argument(help: "The results files, one row a line, also gzip.")
  var files: [String]

  func run() async throws {
    let progress = ProgressView(isQuiet: false)
    let (plan, settings) = try options.prepare(isSandbox: false) { progress.hear($0) }
    let imported = try await OfflineRun(plan, settings).importResults(files)
    progress.end()
    for file in imported {
      Console.note(
        "\(file.file): \(Wording.count(file.accepted)) accepted, \(Wording.count(file.failed)) not, "
          + "\(Wording.count(file.strays)) rows of nobody")
    }
  }
}
