internal import Records

/// Checks all stages, each after those that it reads.
struct StagesCheck {
  private let context: CheckContext
  private let pipeline: Section
  /// The endpoints that the stages use.
  private(set) var providers: ProvidersCheck
  /// The stages that are right, in the order of the plan.
  private(set) var plans: [StagePlan] = []
  /// What the stages write.
  private(set) var merges: [TargetsCheck.Merge] = []
  /// What the stages read, apart from each other.
  private(set) var inputs: [TargetsCheck.Input] = []
  /// The stages so far, each after those that it reads.
  private var checks: [StageCheck] = []
  private var shapes: [String: StageShape] = [:]
  private var sources: [String: SourcePlan] = [:]
  /// What the stages read of tables.
  private(set) var readers: [TableReader] = []

  init(_ context: CheckContext, pipeline: Section) {
    self.context = context
    self.pipeline = pipeline
    providers = ProvidersCheck(context, pipeline: pipeline)
  }

  /// Checks every stage.
  mutating func check(into diagnostics: inout DiagnosticList) {
    let pairs = pipeline.pairs("stages")
    for pair in pairs where !NameRule.isIdentifier(pair.name) {
      diagnostics.error(
        .badName, at: pair.place, "a stage cannot be named '\(pair.name)'",
        hint:
          "use letters, digits and '_', beginning with a letter: templates read stages.name.output")
    }
    var graph = StageGraph(
      pairs.map { pair in
        let stage = Section(pair.value, .stage, at: pair.place)
        return (pair.name, StageCheck.upstreams(of: stage))
      })
    graph.resolve(into: &diagnostics)
    for name in graph.order {
      guard let pair = pairs.first(where: { $0.name == name }) else { continue }
      check(pair, into: &diagnostics)
    }
    finish(into: &diagnostics)
  }

  /// Checks the merges, now that all stages are known.
  private mutating func finish(into diagnostics: inout DiagnosticList) {
    let all = checks.map(\.shape)
    for var check in checks {
      check.checkMerge(with: all, into: &diagnostics)
      if let plan = check.plan { plans.append(plan) }
      if let merge = check.merge { merges.append(merge) }
    }
  }

  private mutating func check(_ pair: YAMLPair, into diagnostics: inout DiagnosticList) {
    var check = StageCheck(
      context, name: pair.name, Section(pair.value, .stage, at: pair.place),
      upstream: upstream(pair), joined: joined(pair))
    check.check(providers: &providers, into: &diagnostics)
    shapes[pair.name] = check.shape
    sources[pair.name] = check.rootSource
    inputs += check.inputs
    if let reader = check.tableReader { readers.append(reader) }
    checks.append(check)
  }

  private func upstream(_ pair: YAMLPair) -> StageCheck.Upstream? {
    let extract = Section(pair.value, .stage, at: pair.place).section("extract")
    return extract.text("stage").flatMap { upstream(named: $0.text) }
  }

  private func joined(_ pair: YAMLPair) -> StageCheck.Upstream? {
    let extract = Section(pair.value, .stage, at: pair.place).section("extract")
    return extract.section("join").text("with").flatMap { upstream(named: $0.text) }
  }

  private func upstream(named name: String) -> StageCheck.Upstream? {
    shapes[name].map { StageCheck.Upstream(shape: $0, rootSource: sources[name]) }
  }
}
