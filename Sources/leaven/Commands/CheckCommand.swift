internal import ArgumentParser
internal import Engine
internal import Pipelines

/// `leaven check`: reads pipeline files and says everything that is wrong with them.
struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Reads pipeline files and prints every problem with its place.",
    discussion: """
      Problems are printed as file:line:column: error[code]: sentence, with a hint. Nothing is sent or written. \
      Ends with 0 when there is no error, else with 65.

      Example:  leaven check pipelines/*.yaml
      """)

  @Argument(help: "The pipeline files.")
  var pipelines: [String]

  @Option(name: .customLong("set"), help: ArgumentHelp("Sets a variable.", valueName: "name=value"))
  var settings: [String] = []

  @Option(help: ArgumentHelp("A catalogue instead of the built-in one.", valueName: "file"))
  var catalog: String?

  func run() throws {
    var hasErrors = false
    for pipeline in pipelines {
      var options = PipelineOptions()
      options.pipeline = pipeline
      options.settings = settings
      options.state = nil
      options.catalog = catalog
      do {
        let plan = try options.readPlan(try options.readCatalog())
        for warning in plan.warnings { Console.note(warning.description) }
        let stages = plan.stages.map(\.name).joined(separator: ", ")
        Console.note("\(pipeline): \(Console.green("ok")) (\(stages))")
      } catch let problems as PipelineProblems {
        Console.note(problems.description)
        hasErrors = true
      }
    }
    if hasErrors { throw ExitStatus.data }
  }
}
