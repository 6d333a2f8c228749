internal import ArgumentParser
internal import Engine

/// The program: one verb, one file in `Commands`.
@main
struct Leaven: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "leaven",
    abstract: "Enriches datasets with language models overnight, at batch price.",
    discussion: """
      A pipeline file says what to extract, how each record becomes a prompt, which model is asked, and where \
      the answers are merged. Try one without a key:  leaven run --sandbox pipelines/tickets.yaml
      """,
    version: "0.1.0",
    subcommands: [
      CheckCommand.self, PreviewCommand.self, TryCommand.self, PlanCommand.self, RunCommand.self,
      StatusCommand.self, FailuresCommand.self, HistoryCommand.self, MergeCommand.self,
      PruneCommand.self, CancelCommand.self, ExportCommand.self,
      ImportCommand.self, SandboxCommand.self, SchemaCommand.self,
    ])

  static func main() async {
    Console.openClosedStreams()
    Console.ignoreBrokenPipes()
    var next: NextCommand?
    do {
      var command = try parseAsRoot()
      next = (command as? any PipelineCommand)?.next
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
    } catch let status as ExitStatus {
      Console.end(with: status)
    } catch {
      end(with: error, next)
    }
  }

  /// Prints what a command threw and ends with the status that goes with it.
  private static func end(with error: any Error, _ next: NextCommand?) -> Never {
    if let failure = Failing(error) {
      Console.fail(
        failure.sentence, hint: failure.hint.map { next?.completing($0) ?? $0 })
      Console.end(with: failure.status)
    }
    exit(withError: error)
  }
}

extension ExitStatus: Error {}
