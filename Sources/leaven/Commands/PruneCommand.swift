internal import ArgumentParser
internal import Engine
internal import Pipelines

/// `leaven prune`: removes raw results that nobody can want any more.
struct PruneCommand: PipelineCommand {
  static let configuration = CommandConfiguration(
    commandName: "prune",
    abstract: "Removes raw results that no record wants any more.",
    discussion: """
      Every answer that a record has stays, and so does one whose record is gone: it may come back. So do answers that were \
      not good enough, as long as their records have no other. What goes is what was superseded (by an edited record, \
      another prompt, a repeated request) before --older-than. Counts, costs and the history stay.

      Example:  leaven prune pipelines/tickets.yaml --older-than 30d --dry-run
      """)

  @OptionGroup var options: PipelineOptions

  @Option(
    name: .customLong("older-than"),
    help: ArgumentHelp("Only results that were stored so long ago: 30d, 12h.", valueName: "time"))
  var olderThan: String

  @Flag(name: .customLong("dry-run"), help: "Only says what would go.")
  var dryRun = false

  @Flag(help: "Prunes the sandbox's state.")
  var sandbox = false

  func run() async throws {
    guard let age = TimeSpan.milliseconds(olderThan) else {
      throw ValidationError("--older-than takes a length of time such as 30d, not '\(olderThan)'")
    }
    let (plan, settings) = try options.prepare(isSandbox: sandbox, lookingAt: [])
    let outcome = try await ResultsPruning(plan, settings).prune(
      olderThan: age, now: Machine.now(), dryRun ? .count : .remove)
    let verb = dryRun ? "would go" : "gone"
    guard outcome.rows > 0 else {
      Console.note("nothing to prune")
      return
    }
    Console.note(
      "\(Wording.count(outcome.rows, "row")), \(Wording.bytes(outcome.bytes)) \(verb): "
        + "\(Wording.count(outcome.removedFiles, "file")) as a whole, "
        + "\(Wording.count(outcome.rewrittenFiles)) written anew")
  }
}
