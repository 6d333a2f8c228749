public import Records

/// A pipeline that can run: everything in its file checked, resolved and compiled.
public struct PipelinePlan: Sendable {
  /// Its name: also that of its state folder. A sandboxed plan's ends in `@sandbox`.
  public var name: String
  /// The pipeline file.
  public let file: PlannedFile
  /// The folder of the pipeline file, absolute.
  public let directory: String
  /// What `vars` is in templates and expressions: an object; `--set` already applied.
  public let vars: JSONValue
  /// The endpoints that stages use, each once, in the order of first use.
  public let providers: [ProviderPlan]
  /// More rejected records than this end a run with status 1.
  public let maxRejected: RecordLimit
  /// More accepted answers to ask again than this (and than 100) wait for a yes.
  public let reaskLimit: RecordLimit
  /// What a run may spend; nil when that is not limited.
  public let budget: BudgetPlan?
  /// How old an answer may be when it is used, in milliseconds; nil when nobody says.
  public let deadline: Int64?
  /// The shell command that hears of alerts; nil when nobody does.
  public let alertCommand: String?
  /// The stages: each after those that it reads, otherwise in the order of the file.
  public var stages: [StagePlan]
  /// What is doubtful, but no reason not to run.
  public let warnings: [Diagnostic]

  /// The stage with a name; nil when there is none.
  public func stage(_ name: String) -> StagePlan? { stages.first { $0.name == name } }

  /// Whether a stage reads standard input.
  public var readsStandardInput: Bool {
    stages.contains { if case .standardInput = $0.source { true } else { false } }
  }

  /// The stages that read a stage's answers directly, in their order.
  public func readers(of name: String) -> [StagePlan] {
    stages.filter { $0.source.upstream == name }
  }

  /// The stages that a stage builds on: the one it reads, the one that one reads, and so on.
  public func ancestors(of name: String) -> [StagePlan] {
    var found: [StagePlan] = []
    var current = stage(name)?.source.upstream
    while let next = current.flatMap({ stage($0) }) {
      found.append(next)
      current = next.source.upstream
    }
    return found
  }

  /// The source that a stage's records come from in the end: its own, or that of the first of its
  /// ancestors.
  public func rootSource(of stage: StagePlan) -> SourcePlan {
    ancestors(of: stage.name).last?.source ?? stage.source
  }
}
