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
  /// The stage that this one's records are joined with.
  let joined: Upstream?
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

  init(
    _ context: CheckContext, name: String, _ stage: Section, upstream: Upstream?, joined: Upstream?
  ) {
    self.context = context
    self.name = name
    self.stage = stage
    self.upstream = upstream
    self.joined = joined
    compiler = CodeCompiler(context: context)
    shape = StageShape(
      name: name, records: nil, answer: .unknown, element: nil, items: nil,
      hasRecordsOfSource: true, keys: KeySpace(source: nil, maker: nil, isGrouped: false),
      joined: nil, ancestors: [])
  }

  /// The stages that a stage reads, as they are written.
  static func upstreams(of stage: Section) -> [LocatedText] {
    let extract = stage.section("extract")
    return [extract.text("stage"), extract.section("join").text("with")].compactMap(\.self)
  }

  /// Checks the stage but for its merge.
  mutating func check(providers: inout ProvidersCheck, into diagnostics: inout DiagnosticList) {
    let errorsBefore = diagnostics.errorCount
    let extract = checkExtract(into: &diagnostics)
    rootSource = upstream.map(\.rootSource) ?? extract.source
    let code = checkCode(extract, into: &diagnostics)
    checkWork(into: &diagnostics)
    let load =
      isAsking
      ? checkLoad(
        FixedTexts(system: code.system, turns: code.examples), &providers, into: &diagnostics)
      : Load(plan: nil, answer: .fields(stage.section("transform").pairs("set").map(\.name)))
    let reads = code.reads
    shape = StageShape(
      name: name, records: reads.records, answer: load.answer, element: reads.element,
      items: reads.items,
      hasRecordsOfSource: code.reshape == nil && upstream?.shape.hasRecordsOfSource ?? true,
      keys: keySpace(extract, code.reshape), joined: reads.joined, ancestors: reads.ancestors)
    if let rootSource {
      tableReader = TableReader(stage: name, source: rootSource, reads: code.sourceReads)
    }
    checked = Checked(
      extract: extract, code: code, load: load,
      isRight: diagnostics.errorCount == errorsBefore)
  }

  /// What of the stage was checked before all stages were known.
  private struct Checked {
    let extract: Extract
    let code: Code
    let load: Load
    let isRight: Bool
  }

  private var checked: Checked?

  /// Checks the merge, which may read what other stages answer, and makes the stage's plan.
  ///
  /// - Parameters:
  ///   - others: What all stages give.
  ///   - diagnostics: Where the findings go.
  mutating func checkMerge(with others: [StageShape], into diagnostics: inout DiagnosticList) {
    guard let checked else { preconditionFailure("a merge is checked after its stage") }
    let errorsBefore = diagnostics.errorCount
    let reads = checked.code.reads
    let mergePlan = checkMerge(checked.load.answer, reads, others, into: &diagnostics)
    if let mergePlan {
      merge = TargetsCheck.Merge(
        stage: name, plan: mergePlan, section: stage.section("merge"), records: reads.records,
        hasRecordsOfSource: shape.hasRecordsOfSource)
    }
    if checked.isRight, diagnostics.errorCount == errorsBefore {
      plan = plan(checked.extract, checked.code, checked.load.plan, mergePlan)
    }
  }

  private func keySpace(_ extract: Extract, _ reshape: Reshape?) -> KeySpace {
    let below = upstream?.shape.keys
    let key = stage.section("extract").text("key")?.text ?? ""
    let source = upstream == nil ? extract.source.map { "\($0.mark) \(key)" } : below?.source
    guard let reshape else {
      return KeySpace(source: source, maker: below?.maker, isGrouped: below?.isGrouped ?? false)
    }
    let isGrouped = if case .group = reshape { true } else { false }
    return KeySpace(source: source, maker: name, isGrouped: isGrouped)
  }

  /// What a stage compiles; nil parts are not written or wrong.
  private struct Code {
    /// What the templates may read.
    var reads: ReadsCheck
    var key: Key?
    var join: Join?
    var filter: Compiled<CompiledExpression>?
    var reshape: Reshape?
    var system: Compiled<CompiledTemplate>?
    var prompt: Compiled<CompiledTemplate>?
    /// What is shown with it.
    var attachments: [Compiled<CompiledTemplate>] = []
    /// The turns before it.
    var examples: [Compiled<CompiledTemplate>] = []
    /// What is calculated.
    var set: [(name: String, value: Compiled<CompiledExpression>)] = []

    /// What the templates, or what stands for them, read.
    var workReads: [FieldReads] {
      [system?.reads].compactMap(\.self) + (examples + attachments).map(\.reads)
        + [prompt?.reads].compactMap(\.self) + set.map(\.value.reads)
    }

    /// What the key and the templates read.
    var recordReads: RecordReads {
      var reads = key?.reads ?? RecordReads()
      for work in workReads { reads.add(work) }
      return reads
    }

    /// What is done with each record; nil when that is wrong.
    func work(_ load: LoadPlan?, in directory: String) -> StageWork? {
      guard let load else {
        return .calculates(set.map { SetField(name: $0.name, expression: $0.value.code) })
      }
      return prompt.map {
        .asks(
          QuestionPlan(
            system: system?.code, examples: examples.map(\.code),
            attachments: AttachmentsPlan(
              templates: attachments.map(\.code), directory: directory),
            prompt: $0.code, load: load))
      }
    }

    /// What decides which records are asked what: what the key and the templates read, and what records are made of.
    var sourceReads: RecordReads {
      var reads = recordReads
      for expression in makingExpressions { reads.add(expression.reads) }
      return reads
    }

    /// What decides which records there are, and what belongs to them.
    var makingExpressions: [Compiled<CompiledExpression>] {
      (reshape?.expressions ?? []) + [join?.on].compactMap(\.self)
    }

    /// What the filter reads.
    var filterReads: RecordReads {
      var reads = RecordReads()
      if let filter { reads.add(filter.reads) }
      return reads
    }

    /// Whether the answer of an ancestor is read as `stages.<name>.output`.
    func reads(stage name: String) -> Bool {
      let all =
        [key?.compiled?.reads, filter?.reads].compactMap(\.self) + workReads
        + makingExpressions.map(\.reads)
      return all.flatMap(\.paths).contains { path in
        path.root == ScopeRoot.stages.name && (path.members.first ?? name) == name
      }
    }
  }

  private mutating func checkCode(_ extract: Extract, into diagnostics: inout DiagnosticList)
    -> Code
  {
    let reads = readsCheck(extract.records)
    var code = Code(reads: reads)
    code.key = checkKey(extract, reads, into: &diagnostics)
    code.join = checkJoin(reads, into: &diagnostics)
    let joined = code.join?.scope(of: reads) ?? reads
    code.filter = checkFilter(joined, into: &diagnostics)
    code.reshape = checkReshaping(joined, into: &diagnostics)
    code.reads = code.reshape?.scope(of: joined) ?? joined
    code.system = checkTemplate("system", code.reads, into: &diagnostics)
    code.examples = checkMessages(code.reads, into: &diagnostics)
    code.attachments = checkAttachments(code.reads, into: &diagnostics)
    code.prompt = checkTemplate("prompt", code.reads, into: &diagnostics)
    if let prompt = code.prompt {
      let others =
        [code.system?.reads].compactMap(\.self) + (code.examples + code.attachments).map(\.reads)
      warnIfConstant(prompt, beside: others, into: &diagnostics)
    }
    code.set = checkSet(stage.section("transform"), code.reads, into: &diagnostics)
    return code
  }

  private func plan(_ extract: Extract, _ code: Code, _ load: LoadPlan?, _ merge: MergePlan?)
    -> StagePlan?
  {
    guard let source = extract.source, let key = code.key,
      let work = code.work(load, in: context.file.directory),
      let onDuplicate = extract.onDuplicate, let onRejected = extract.onRejected
    else { return nil }
    return StagePlan(
      name: name, source: source, join: code.join?.plan, since: extract.since, key: key.plan,
      onDuplicate: onDuplicate,
      filter: code.filter?.code, reshaping: code.reshape?.plan, onRejected: onRejected,
      work: work, merge: merge, reads: code.recordReads, filterReads: code.filterReads,
      stagesRead: (ancestors ?? []).map(\.name).filter(code.reads(stage:)),
      transformHash: hash(of: ["extract", "transform"]), mergeHash: hash(of: ["merge"]))
  }

  /// A hash of sections as they are written, with the variables and the template files.
  private func hash(of sections: [String]) -> ContentHash {
    let blocks = [context.environment.trimBlocks, context.environment.lstripBlocks]
    let reading: [JSONValue] = blocks == [false, false] ? [] : blocks.map { .bool($0) }
    let written = sections.map { stage.written($0)?.json ?? .null }
    let identical = stage.section("load").written("identical")?.json ?? .null
    return ContentHash(
      of: JSONValue.array(written + [identical, context.vars, context.loaded.all] + reading).compact
    )
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
      records: records, output: output, ancestors: ancestors, element: upstream?.shape.element,
      joined: upstream?.shape.joined, items: upstream?.shape.items,
      vars: context.vars)
  }
}
