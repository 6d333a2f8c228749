internal import ArgumentParser
internal import Engine
internal import Foundation
internal import Ledger

/// `leaven export`: writes the shards without sending them.
struct ExportCommand: PipelineCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Writes provider-ready request files without sending them.",
    discussion: """
      One request a line, ready for a console upload or an offline runner. `run` does not send exported requests until \
      `import` settles them or `export --discard` takes them back.

      Example:  leaven export pipelines/tickets.yaml --to out/requests
      """)

  @OptionGroup var options: PipelineOptions

  @Option(help: ArgumentHelp("The folder for the files.", valueName: "dir"))
  var to: String?

  @Flag(help: "Takes exported requests back: the next run sends them.")
  var discard = false

  func validate() throws {
    if discard == (to != nil) { throw ValidationError("give either --to DIR or --discard") }
  }

  func run() async throws {
    var (plan, settings) = try options.prepare(isSandbox: false)
    settings.spoolsStandardInput = StandardInput.isPiped
    let offline = OfflineRun(plan, settings)
    guard let to else {
      Console.note("\(Wording.count(try await offline.discardExports(), "request")) taken back")
      return
    }
    let target = URL(fileURLWithPath: to).standardizedFileURL.path
    for stage in try await offline.export(to: target) {
      for file in stage.files { Console.line(file) }
      Console.note(
        "\(stage.stage): \(Wording.count(stage.requestCount, "request")) in "
          + "\(Wording.count(stage.files.count, "file")) (\(Wording.changes(stage.tally)))")
    }
  }
}
