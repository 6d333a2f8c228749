internal import ArgumentParser
internal import Engine
internal import Foundation
internal import Pipelines
internal import Providers

/// What every verb that works on a pipeline takes.
struct PipelineOptions: ParsableArguments {
  @Argument(help: "The pipeline file.")
  var pipeline: String

  @Option(
    name: .customLong("set"),
    help: ArgumentHelp("Sets a variable of the file's vars, name=value.", valueName: "name=value"))
  var settings: [String] = []

  @Option(
    help: ArgumentHelp(
      "The folder that holds the state; default: .leaven beside the pipeline file.",
      valueName: "dir"))
  var state: String?

  @Option(
    help: ArgumentHelp(
      "A catalogue of models, prices and limits instead of the built-in one of its kind.",
      valueName: "file"))
  var catalog: String?

  /// The catalogues: the built-in ones, and in the place of one the file's.
  func readCatalog() throws -> Catalogs {
    let builtIn = try Catalogs.builtIn()
    guard let catalog else { return builtIn }
    guard let bytes = FileManager.default.contents(atPath: catalog) else {
      throw Failing("\(catalog): no such file", hint: "check --catalog", status: .data)
    }
    return builtIn.with(try Catalog(parsing: [UInt8](bytes)))
  }

  /// The plan; all that is wrong with the file is printed when there is none.
  func readPlan(
    _ catalog: Catalogs, lookingAt surroundings: PipelineChecker.Surroundings = .all
  ) throws -> PipelinePlan {
    let variables = try settings.map { text in
      guard let setting = VarSetting(parsing: text) else {
        throw ValidationError("--set takes name=value, not '\(text)'")
      }
      return setting
    }
    let file = try PipelineReader.read(pipeline)
    let checker = PipelineChecker(
      catalog: catalog, now: Machine.now(), settings: variables, lookingAt: surroundings)
    return try checker.check(file)
  }

  /// The state root.
  func stateRoot(of plan: PipelinePlan) -> String {
    guard let state else { return plan.directory + "/.leaven" }
    return URL(fileURLWithPath: state).standardizedFileURL.path
  }

  /// The plan with what a run needs; warnings of the check are printed.
  func prepare(
    isSandbox: Bool, lookingAt surroundings: PipelineChecker.Surroundings = .all,
    report: @escaping @Sendable (RunEvent) -> Void = { _ in }
  ) throws -> (plan: PipelinePlan, settings: RunSettings) {
    let catalog = try readCatalog()
    let plan = try readPlan(catalog, lookingAt: surroundings)
    for warning in plan.warnings { Console.note(warning.description) }
    let settings = RunSettings(
      stateRoot: stateRoot(of: plan), catalog: catalog, variable: Machine.variable,
      now: Machine.now, report: report)
    return (isSandbox ? plan.sandboxed() : plan, settings)
  }
}

/// The machine as a run sees it: only the program takes its clock and environment.
enum Machine {
  /// The time in UTC milliseconds.
  @Sendable static func now() -> Int64 { Int64(Date().timeIntervalSince1970 * 1000) }

  /// An environment variable; nil when it is not set or empty.
  @Sendable static func variable(_ name: String) -> String? {
    let value = ProcessInfo.processInfo.environment[name]
    return value?.isEmpty == false ? value : nil
  }
}
