internal import Providers
internal import Records
internal import Schemas

extension StageCheck {
  /// What `load` says.
  struct Load {
    /// The plan; nil when something is wrong.
    var plan: LoadPlan?
    /// What is known of answers.
    var answer: StageShape.Answer
  }

  /// Checks provider, model, limits and schema.
  mutating func checkLoad(
    _ texts: FixedTexts, _ providers: inout ProvidersCheck, into diagnostics: inout DiagnosticList
  ) -> Load {
    let load = stage.section("load")
    var answer = StageShape.Answer.text
    var provider: ProviderPlan?
    if let name = load.word("provider") {
      provider = providers.provider(name, at: load.place(of: "provider"), into: &diagnostics)
    }
    let catalog = context.catalog[provider?.kind ?? .anthropic]
    var schema: AnswerSchema?
    if load.written("schema") != nil {
      schema = checkSchema(of: load, for: catalog, into: &diagnostics)
      answer = schema.map(StageShape.Answer.schema) ?? .unknown
    }
    let limits = checkShard(load.section("shard"), catalog, into: &diagnostics)
    guard let provider else { return Load(plan: nil, answer: answer) }
    let extras = checkExtras(of: load, provider, into: &diagnostics)
    checkModel(load, provider, extras, into: &diagnostics)
    guard let model = load.text("model")?.text, let maxTokens = load.integer("max_tokens"),
      let limits, let mode: SpeedMode = load.choice("mode"), let attempts = Self.attempts(load),
      let repairs = load.boolean("repair"),
      let canary = Self.canary(load), let identical: IdenticalPolicy = load.choice("identical"),
      let late = Self.late(load), let reuse = Self.reuse(load.section("reuse")),
      let minShard = load.integer("min_shard"), let linger = load.milliseconds("linger"),
      let deletes = load.boolean("delete_after_collect"), let extras,
      let echoes = load.boolean("echo_key")
    else { return Load(plan: nil, answer: answer) }
    let cache = checkCache(of: load, texts, provider, extras, into: &diagnostics)
    if echoes { checkEcho(of: load, schema, extras, provider, into: &diagnostics) }
    if mode != .batch || late.remedy == .concurrent {
      checkLongAnswers(load, catalog, into: &diagnostics)
    }
    checkHasBatches(load, provider, into: &diagnostics)
    let plan = LoadPlan(
      provider: provider, model: model, maxTokens: maxTokens, parameters: extras.parameters,
      betas: extras.betas, headers: extras.headers, schema: schema,
      repairs: repairs, cache: cache, tellsCacheUse: load.written("cache") != nil,
      echoesKey: echoes, shard: limits,
      eagerness: EagernessPlan(minShard: minShard, linger: linger), mode: mode,
      inFlight: load.integer("in_flight") ?? 4, calls: load.integer("in_flight") ?? 64,
      attempts: attempts, late: late,
      deletesAfterCollect: deletes, canary: canary, identical: identical,
      reuse: reuse)
    return Load(plan: plan, answer: answer)
  }

  /// What goes first; nil when it is written, but wrong.
  private static func canary(_ load: Section) -> CanaryPlan? {
    let bounds = load.section("canary")
    guard let accepted = bounds.recordLimit("accepted"),
      let truncated = bounds.recordLimit("truncated"), let usual = bounds.integer("records")
    else { return nil }
    guard let node = load.written("canary") else {
      return CanaryPlan(.unusedPlan, records: 1, accepted: accepted, truncated: truncated)
    }
    guard let records = node.pairs == nil ? load.integer("canary") : usual else { return nil }
    return CanaryPlan(
      .unprovenPrompt, records: records, accepted: accepted,
      meanCost: bounds.dollars("mean_cost").map { Money(nanodollars: $0) }, truncated: truncated)
  }

  /// What becomes of accepted answers after a change; nil when it is written, but wrong.
  private static func reuse(_ reuse: Section) -> ReusePlan? {
    guard let template: ReusePlan.Policy = reuse.choice("template"),
      let model: ReusePlan.Policy = reuse.choice("model"),
      let schema: ReusePlan.Policy = reuse.choice("schema"),
      let parameters: ReusePlan.Policy = reuse.choice("parameters")
    else { return nil }
    return ReusePlan(template: template, model: model, schema: schema, parameters: parameters)
  }

  /// Batches are the usual way, but not every server has them: there, the file says how requests go.
  private func checkHasBatches(
    _ load: Section, _ provider: ProviderPlan, into diagnostics: inout DiagnosticList
  ) {
    guard !provider.kind.isAlwaysBatched, load.written("mode") == nil else { return }
    diagnostics.error(
      .missingKey, at: load.place(of: "provider"),
      "not every server of the kind '\(provider.kind.rawValue)' has a batch API, so 'mode' must be written",
      hint: "write mode: concurrent, or mode: batch where the server has /files and /batches")
  }

  private func checkModel(
    _ load: Section, _ provider: ProviderPlan, _ extras: RequestExtras?,
    into diagnostics: inout DiagnosticList
  ) {
    guard let model = load.text("model"), let maxTokens = load.integer("max_tokens") else { return }
    let catalog = context.catalog[provider.kind]
    if let known = catalog.model(model.text), let retiresAt = known.retiresAt {
      checkRetirement(known.id, retiresAt, catalog, at: model.place, into: &diagnostics)
    }
    let hasNoPrice = catalog.model(model.text)?.prices.isEmpty ?? !catalog.listsModels
    if context.hasBudget, provider.price == nil, hasNoPrice {
      diagnostics.error(
        .unknownPrice, at: model.place,
        "the catalogue of \(catalog.dated) has no price for '\(model.text)', and 'budget' needs one",
        hint: "give its 'price:' under 'providers:'")
    }
    let problems = PlanProblem.all(
      model: model.text, maxTokens: maxTokens, parameters: extras?.parameters ?? [],
      apiVersion: provider.apiVersion, betas: extras?.betas ?? [], at: context.now, in: catalog,
      form: provider.form)
    for problem in problems {
      switch problem.code {
      case .unknownModel: reportUnknown(model, provider, into: &diagnostics)
      case .maxTokens:
        diagnostics.error(
          .overLimit, at: load.place(of: "max_tokens"), problem.sentence, hint: problem.hint)
      case .apiVersion:
        diagnostics.warning(
          .unknownValue, at: load.place(of: "provider"),
          "of the provider '\(provider.name)': \(problem.sentence)", hint: problem.hint)
      case .parameter: report(problem, of: load, into: &diagnostics)
      case .retiredModel: break
      }
    }
  }

  /// A model that the catalogue does not know may be newer than it: who gives its price says that
  /// it exists.
  private func reportUnknown(
    _ model: LocatedText, _ provider: ProviderPlan, into diagnostics: inout DiagnosticList
  ) {
    let catalog = context.catalog[provider.kind]
    let sentence =
      "the model '\(model.text)' is not in the catalogue of \(catalog.dated)"
    let near = catalog.modelName(near: model.text).map { "did you mean '\($0)'?" }
    if provider.price != nil {
      diagnostics.warning(.unknownModel, at: model.place, sentence, hint: near)
    } else {
      diagnostics.error(
        .unknownModel, at: model.place, sentence,
        hint: near ?? "for a newer model give its 'price:' under 'providers:'")
    }
  }

  private func checkRetirement(
    _ model: String, _ retiresAt: Int64, _ catalog: Catalog, at place: Place,
    into diagnostics: inout DiagnosticList
  ) {
    let day = CalendarDay.text(ofMilliseconds: retiresAt)
    let source = "says the catalogue of \(catalog.dated)"
    if retiresAt <= context.now {
      diagnostics.error(
        .retiredModel, at: place,
        "the model '\(model)' was retired on \(day), \(source)",
        hint: "choose a newer one")
    } else if retiresAt - context.now < CalendarDay.milliseconds(60) {
      diagnostics.warning(
        .retiredModel, at: place,
        "the model '\(model)' will be retired on \(day), \(source)",
        hint: "choose a newer one before then")
    }
  }

  private static func late(_ load: Section) -> LatePolicy? {
    let late = load.section("late")
    guard let after = late.share("after"),
      let remedy: LatePolicy.Remedy = late.node == nil ? load.choice("late") : late.choice("then")
    else { return nil }
    return LatePolicy(after: after, remedy: remedy)
  }

  private static func attempts(_ load: Section) -> AttemptLimits? {
    let limits = load.section("attempts")
    guard limits.node != nil else { return load.integer("attempts").map { AttemptLimits($0) } }
    var exceptions: [AttemptLimits.Failure: Int] = [:]
    for failure in AttemptLimits.Failure.allCases {
      exceptions[failure] = limits.integer(failure.rawValue)
    }
    return limits.integer("default").map { AttemptLimits($0, except: exceptions) }
  }

  private func checkShard(
    _ shard: Section, _ catalog: Catalog, into diagnostics: inout DiagnosticList
  ) -> LoadPlan.ShardLimits? {
    guard let requests = shard.integer("max_requests"), let bytes = shard.byteCount("max_bytes")
    else {
      return nil
    }
    let limits = catalog.limits
    if requests > limits.batchRequests {
      diagnostics.error(
        .overLimit, at: shard.place(of: "max_requests"),
        "a batch takes at most \(limits.batchRequests) requests, not \(requests)")
    }
    if bytes > limits.batchBytes {
      diagnostics.error(
        .overLimit, at: shard.place(of: "max_bytes"),
        "a batch takes at most \(limits.batchBytes) bytes, not \(bytes)")
    }
    return LoadPlan.ShardLimits(maxRequests: requests, maxBytes: bytes)
  }
}
