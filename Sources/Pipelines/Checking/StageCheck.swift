internal import Records
internal import Templates

/// Checks one stage.
struct StageCheck {
  /// The stage that this one reads.
  struct Upstream {
    /// What it gives.
    let shape: StageShape
    /// The source at the beginning of its chain; nil when that is wrong.
    let rootSource: SourcePlan?
  }

  let context: CheckContext
  let name: String
  let stage: Section
  let upstream: Upstream?
  let compiler: CodeCompiler

  /// The plan; nil when something is wrong.
  private(set) var plan: StagePlan?
  /// What the stage gives to others.
  private(set) var shape: StageShape
  /// The source at the beginning of the stage's chain; nil when that is wrong.
  private(set) var rootSource: SourcePlan?
  /// What it writes; nil when nothing, or when that is wrong.
  private(set) var merge: TargetsCheck.Merge?
  /// What it reads of a table, if its chain begins with one.
  private(set) var tableReader: TableReader?
  /// The files that it reads.
  var inputs: [TargetsCheck.Input] = []

  init(_ context: CheckContext, name: String, _ stage: Section, upstream: Upstream?) {
    self.context = context
    self.name = name
    self.stage = stage
    self.upstream = upstream
    compiler = CodeCompiler(context: context)
    shape = StageShape(name: name, records: nil, answer: .unknown, ancestors: [])
  }

  /// Checks the stage and makes its plan.
  mutating func check(providers: inout ProvidersCheck, into diagnostics: inout DiagnosticList) {
    let errorsBefore = diagnostics.errorCount
    let extract = checkExtract(into: &diagnostics)
    rootSource = upstream.map(\.rootSource) ?? extract.source
    let reads = readsCheck(extract.records)
    let key = checkKey(extract, reads, into: &diagnostics)
    let filter = checkFilter(reads, into: &diagnostics)
    let system = checkTemplate("system", reads, into: &diagnostics)
    let prompt = checkTemplate("prompt", reads, into: &diagnostics)
    if let prompt { warnIfConstant(prompt, reads: system?.reads, into: &diagnostics) }
    let load = checkLoad(&providers, into: &diagnostics)
    shape = StageShape(
      name: name, records: extract.records, answer: load.answer, ancestors: ancestors)
    let mergePlan = checkMerge(load.answer, extract.records, into: &diagnostics)

    var recordReads = key?.reads ?? RecordReads()
    for code in [system?.reads, prompt?.reads].compactMap(\.self) { recordReads.add(code) }
    var filterReads = RecordReads()
    if let filter { filterReads.add(filter.reads) }
    if let mergePlan {
      merge = TargetsCheck.Merge(
        stage: name, plan: mergePlan, section: stage.section("merge"),
        records: extract.records)
    }
    if let rootSource {
      tableReader = TableReader(stage: name, source: rootSource, reads: recordReads)
    }
    guard diagnostics.errorCount == errorsBefore, let source = extract.source, let key, let prompt,
      let loadPlan = load.plan, let onDuplicate = extract.onDuplicate
    else { return }
    let codes = [key.compiled?.reads, filter?.reads, system?.reads, prompt.reads].compactMap(\.self)
    plan = StagePlan(
      name: name, source: source, key: key.plan, onDuplicate: onDuplicate, filter: filter?.code,
      system: system?.code, prompt: prompt.code, load: loadPlan, merge: mergePlan,
      reads: recordReads, filterReads: filterReads,
      stagesRead: (ancestors ?? []).map(\.name).filter { name in
        codes.contains {
          $0.paths.contains {
            $0.root == ScopeRoot.stages.name && ($0.members.first ?? name) == name
          }
        }
      })
  }

  /// The stages that this one builds on, nearest first; nil when the one that it reads is wrong.
  var ancestors: [StageShape]? {
    if let upstream { return upstream.shape.ancestors.map { [upstream.shape] + $0 } }
    return stage.section("extract").text("stage") == nil ? [] : nil
  }

  /// What `where` and the templates may read.
  private func readsCheck(_ records: RecordShape?) -> ReadsCheck {
    let output: ReadsCheck.Output =
      if let upstream {
        .answer(upstream.shape.answer, of: upstream.shape.name)
      } else if stage.section("extract").text("stage") != nil {
        .answer(.unknown, of: "")
      } else {
        .none("the answer is not there before it was asked for")
      }
    return ReadsCheck(
      records: records, output: output, ancestors: ancestors, vars: context.vars)
  }
}
