internal import Foundation
public import Providers
internal import Records

/// Turns a pipeline file into a plan, or says everything that is wrong with it.
///
/// A function of the file, of the files it names, and of what it is given here: it has no clock,
/// sends nothing and writes nothing.
public struct PipelineChecker: Sendable {
  private let catalog: Catalogs
  private let now: Int64
  private let settings: [VarSetting]
  private let surroundings: Surroundings

  /// What a check looks at besides the pipeline and the files that are part of it. A command that does not need them
  /// works without: a batch can be canceled while the source is away.
  public struct Surroundings: OptionSet, Sendable {
    /// The bits.
    public let rawValue: Int
    /// Creates a set from bits.
    public init(rawValue: Int) { self.rawValue = rawValue }
    /// That sources are there, and have what the pipeline reads.
    public static let sources = Surroundings(rawValue: 1)
    /// That targets can be written.
    public static let targets = Surroundings(rawValue: 2)
    /// Everything.
    public static let all: Surroundings = [.sources, .targets]
  }

  /// Creates a checker.
  ///
  /// - Parameters:
  ///   - catalog: What is known of the provider: models, limits.
  ///   - now: The time in UTC milliseconds, for models that retire.
  ///   - settings: What `--set` said, in its order.
  ///   - surroundings: What is looked at.
  public init(
    catalog: Catalogs, now: Int64, settings: [VarSetting] = [],
    lookingAt surroundings: Surroundings = .all
  ) {
    self.catalog = catalog
    self.now = now
    self.settings = settings
    self.surroundings = surroundings
  }

  /// Checks a file and everything that it names.
  ///
  /// - Returns: The plan; what is doubtful is in its `warnings`.
  /// - Throws: `PipelineProblems` with all errors and warnings, when there is an error.
  public func check(_ file: PipelineFile) throws(PipelineProblems) -> PipelinePlan {
    var diagnostics = DiagnosticList(file: file.path)
    SecretScan.check(file, into: &diagnostics)
    let root = StageDefaults.applied(to: file.root)
    var types = FieldTypeCheck(file: file.path)
    types.check(root, is: .pipeline, at: .start)
    diagnostics.add(types.diagnostics)

    let pipeline = Section(root, .pipeline, at: .start)
    let vars = VarCheck.vars(pipeline, settings: settings, into: &diagnostics)
    let loaded = LoadedTexts()
    let context = CheckContext(
      file: file, catalog: catalog, now: now, hasBudget: pipeline.written("budget") != nil,
      surroundings: surroundings, vars: vars,
      environment: ScopeRoot.environment(
        in: file.directory, pipeline.section("templates"), noting: loaded), loaded: loaded)
    let name = checkedName(pipeline, context, &diagnostics)
    var stages = StagesCheck(context, pipeline: pipeline)
    stages.check(into: &diagnostics)
    if surroundings.contains(.targets) {
      TargetsCheck(context).check(stages.merges, stages.inputs, stages.readers, into: &diagnostics)
    }

    guard !diagnostics.hasErrors, let name, let maxRejected = pipeline.recordLimit("max_rejected"),
      let reaskLimit = pipeline.recordLimit("reask_limit")
    else { throw PipelineProblems(diagnostics.found) }
    return PipelinePlan(
      name: name, file: PlannedFile(path: file.absolutePath, shownPath: file.path),
      directory: file.directory, vars: vars, providers: stages.providers.used,
      maxRejected: maxRejected, reaskLimit: reaskLimit, budget: Self.budget(pipeline),
      deadline: pipeline.milliseconds("deadline"), alertCommand: pipeline.text("on_alert")?.text,
      stages: stages.plans,
      warnings: Array(Set(diagnostics.found)).sorted())
  }

  private static func budget(_ pipeline: Section) -> BudgetPlan? {
    let budget = pipeline.section("budget")
    guard let amount = budget.billionths("usd"),
      let reserve: BudgetPlan.Reserve = budget.choice("reserve")
    else { return nil }
    return BudgetPlan(amount: Money(nanodollars: amount), reserve: reserve)
  }

  private func checkedName(
    _ pipeline: Section, _ context: CheckContext, _ diagnostics: inout DiagnosticList
  ) -> String? {
    let written = pipeline.text("name")
    let name = written?.text ?? FilePath.stem(of: context.file.absolutePath)
    guard !NameRule.isPipeline(name) else { return name }
    let what =
      written == nil ? "the file's name gives the pipeline the name" : "a pipeline cannot be named"
    diagnostics.error(
      .badName, at: written?.place ?? .start, "\(what) '\(name)'",
      hint: "write 'name:' with letters, digits, '_', '-' and '.', beginning with a letter or digit"
    )
    return nil
  }
}
