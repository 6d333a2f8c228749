internal import Records
internal import Templates

extension StageCheck {
  /// A `join` that is right.
  struct Join {
    let plan: JoinPlan
    let on: Compiled<CompiledExpression>
    let shape: JoinedShape

    /// What may be read of joined records.
    func scope(of reads: ReadsCheck) -> ReadsCheck {
      var made = reads
      made.joined = shape
      guard let stage = shape.stage, let own = made.ancestors, let others = stage.ancestors else {
        return made
      }
      made.ancestors = ([stage] + others).reduce(own) { known, next in
        known.contains { $0.name == next.name } ? known : known + [next]
      }
      return made
    }
  }

  /// Checks `join`; nil when there is none, or it is wrong.
  mutating func checkJoin(_ reads: ReadsCheck, into diagnostics: inout DiagnosticList) -> Join? {
    let extract = stage.section("extract")
    let join = extract.section("join")
    if Self.upstreams(of: stage).isEmpty, extract.node != nil,
      let policy = extract.written("on_rejected")
    {
      diagnostics.error(
        .misplacedKey, at: policy.place,
        "the key 'on_rejected' means nothing in a stage that reads no other one",
        hint: "it goes with stage, and with join: {with: stage}")
    }
    guard join.node != nil else { return nil }
    let on = join.text("on").flatMap { checkExpression("join.on", $0, reads, into: &diagnostics) }
    guard let (side, shape, scope) = checkSide(join, into: &diagnostics) else { return nil }
    let key = join.text("key").flatMap {
      checkExpression("join.key", $0, scope, into: &diagnostics)
    }
    if join.written("key") == nil, shape.stage == nil {
      diagnostics.error(
        .missingKey, at: join.place, "'join' lacks the key 'key'",
        hint: "what the records of the dataset are found by")
    }
    guard let on, let unmatched: UnmatchedPolicy = join.choice("unmatched") else { return nil }
    let plan = JoinPlan(with: side, key: key?.code, on: on.code, unmatched: unmatched)
    return Join(plan: plan, on: on, shape: shape)
  }

  private mutating func checkSide(
    _ join: Section, into diagnostics: inout DiagnosticList
  ) -> (JoinPlan.Side, JoinedShape, ReadsCheck)? {
    if let name = join.text("with") {
      guard let stage = joined?.shape else { return nil }
      let shape = JoinedShape(
        name: "the stage '\(stage.name)'", records: stage.records, stage: stage)
      let scope = ReadsCheck(
        records: stage.records, output: .answer(stage.answer, of: stage.name),
        ancestors: stage.ancestors.map { [stage] + $0 }, element: stage.element,
        joined: stage.joined, items: stage.items, vars: context.vars)
      return (.stage(name.text), shape, scope)
    }
    let section = join.section("with")
    guard let (source, place) = fileSource(section), let file = source.file else { return nil }
    inputs.append(TargetsCheck.Input(file: file, what: "the joined dataset"))
    var records: RecordShape?
    if context.surroundings.contains(.sources) {
      guard FilePath.kind(of: file.path) == .file else {
        reportMissing(file, at: place, into: &diagnostics)
        return nil
      }
      records =
        shapeDespiteTypes(section, source, into: &diagnostics)
        ?? SourceProbe.shape(of: source, at: place, into: &diagnostics)
    }
    let scope = ReadsCheck(
      records: records, output: .none("a dataset has no answers"), ancestors: [],
      vars: context.vars)
    return (
      .dataset(source),
      JoinedShape(name: "'\(file.shownPath)'", records: records, stage: nil), scope
    )
  }
}
