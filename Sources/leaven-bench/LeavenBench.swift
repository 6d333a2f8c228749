internal import ArgumentParser

/// What takes time, timed.
@main
struct LeavenBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "leaven-bench", abstract: "Times Leaven's hot paths; prints JSON.",
    subcommands: [HotPathsCommand.self, FileCommand.self], defaultSubcommand: HotPathsCommand.self)
}
