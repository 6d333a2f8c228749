internal import Records
internal import Templates

/// Checks that what a template or an expression reads is there.
struct ReadsCheck {
  /// What the records are like; nil when that is not known.
  var records: RecordShape?
  /// The answer that `output` means here.
  var output: Output
  /// The stages that `stages` has; nil when that is not known.
  var ancestors: [StageShape]?
  /// Stages of the pipeline that may be meant, but whose answers are not here.
  var otherStages: [String] = []
  /// What `item` is; nil where there is none.
  var element: ElementShape?
  /// What `joined` is; nil where there is none.
  var joined: JoinedShape?
  /// What `items` are; nil where there are none.
  var items: ItemsShape?
  /// The variables.
  let vars: JSONValue

  /// What `output` means.
  enum Output {
    /// The answer of a stage, by its name.
    case answer(StageShape.Answer, of: String)
    /// Nothing yet, and why.
    case none(String)
  }

  /// Reports everything that is read and is not there.
  func check(_ reads: FieldReads, _ origin: CodeOrigin, into diagnostics: inout DiagnosticList) {
    for field in reads.fields { check(field, origin, &diagnostics) }
    for path in reads.paths {
      let (file, place) = origin.place(line: path.line, column: path.column, of: path.template)
      guard let finding = finding(path) else { continue }
      diagnostics.error(
        finding.code, at: place, in: file, finding.sentence,
        hint: finding.hint ?? fieldHint(path.root))
    }
  }

  private func check(
    _ field: FieldReads.Field, _ origin: CodeOrigin, _ diagnostics: inout DiagnosticList
  ) {
    guard let records else { return }
    let (file, place) = origin.place(line: field.line, column: field.column, of: field.template)
    switch (records.presence(of: field.name), field.isOptional) {
    case (.always, _), (.sometimes, true): break
    case (.sometimes(let count, let total), false):
      diagnostics.warning(
        .rareField, at: place, in: file,
        "only \(count) of the first \(total) records have the field '\(field.name)'",
        hint: "the others are rejected, unless the template says what stands for it: | default('')")
    case (.never, true):
      diagnostics.warning(
        .rareField, at: place, in: file,
        "\(noRecords(records)) the field '\(field.name)', so that its default always counts",
        hint: fieldsHint(field.name, records))
    case (.never, false):
      diagnostics.error(
        .unknownField, at: place, in: file, "\(noRecords(records)) the field '\(field.name)'",
        hint: fieldsHint(field.name, records))
    }
  }

  private func noRecords(_ records: RecordShape) -> String {
    records.recordCount.map { "none of the first \($0) records has" } ?? "the source does not have"
  }

  private func fieldsHint(_ name: String, _ records: RecordShape) -> String? {
    if items != nil, !records.fields.contains(where: { $0.utf8.elementsEqual(name.utf8) }) {
      return CloseName.of(name, in: records.fields).map { "did you mean '\($0)'?" }
        ?? "the fields of the records that were grouped are in 'items'"
    }
    return CloseName.hint(for: name, in: records.fields, listed: "the fields are")
  }

  private struct Finding {
    let code: DiagnosticCode
    let sentence: String
    var hint: String?
  }

  private func finding(_ path: FieldReads.Path) -> Finding? {
    switch path.root {
    case ScopeRoot.output.name: outputFinding(path)
    case ScopeRoot.vars.name: varFinding(path)
    case ScopeRoot.stages.name: stageFinding(path)
    case ScopeRoot.item.name, ScopeRoot.index.name: elementFinding(path)
    case ScopeRoot.items.name: itemsFinding(path)
    case ScopeRoot.joined.name: joinedFinding(path)
    default: nil
    }
  }

  private func isField(_ name: String, of records: RecordShape) -> Bool {
    guard case .never = records.presence(of: name) else { return true }
    return false
  }

  private func itemsFinding(_ path: FieldReads.Path) -> Finding? {
    guard let scope = items?.scope else {
      return Finding(
        code: .notInScope, sentence: "'items' means nothing in a stage without 'group'")
    }
    guard path.members.first == FieldReads.element, path.members.count > 1 else { return nil }
    let name = path.members[1]
    if name == ItemsShape.key || scope.records.map({ isField(name, of: $0) }) == true { return nil }
    if let root = ScopeRoot.allCases.map(\.name).first(where: { $0 == name }), root != "vars" {
      var inner = path
      (inner.root, inner.members) = (root, Array(path.members.dropFirst(2)))
      return scope.finding(inner)
    }
    guard let records = scope.records, !path.isOptional else { return nil }
    return Finding(
      code: .unknownField, sentence: "the records in 'items' have no field '\(name)'",
      hint: CloseName.hint(
        for: name, in: records.fields + [ItemsShape.key, ScopeRoot.output.name],
        listed: "the fields are"))
  }

  private func outputFinding(_ path: FieldReads.Path) -> Finding? {
    switch output {
    case .none(let reason):
      Finding(code: .notInScope, sentence: "there is no 'output' here: \(reason)")
    case .answer(let answer, let stage):
      answerFinding(answer, path.members, said: "output", of: stage)
    }
  }

  private func elementFinding(_ path: FieldReads.Path) -> Finding? {
    guard let element else {
      return Finding(
        code: .notInScope, sentence: "'\(path.root)' means nothing in a stage without 'each'")
    }
    guard path.root == ScopeRoot.item.name, !path.members.isEmpty else { return nil }
    return answerFinding(
      element.answer, element.path + path.members, said: "item", from: element.path.count,
      of: element.stage)
  }

  private func joinedFinding(_ path: FieldReads.Path) -> Finding? {
    guard let joined else {
      return Finding(
        code: .notInScope, sentence: "'joined' means nothing in a stage without 'join'")
    }
    guard let name = path.members.first else { return nil }
    if let stage = joined.stage {
      if name == "output" {
        return answerFinding(
          stage.answer, Array(path.members.dropFirst()), said: "joined.output", of: stage.name)
      }
      if JoinedShape.stageNames.contains(name) { return nil }
    }
    guard let records = joined.records, case .never = records.presence(of: name), !path.isOptional
    else { return nil }
    let names = records.fields + (joined.stage == nil ? [] : ["output", "key"])
    return Finding(
      code: .unknownField, sentence: "\(joined.name) has no field '\(name)'",
      hint: CloseName.hint(for: name, in: names, listed: "the fields are"))
  }

  private func answerFinding(
    _ answer: StageShape.Answer, _ members: [String], said root: String, from start: Int = 0,
    of stage: String
  ) -> Finding? {
    // A loop also goes through the members of an object and the characters of a string.
    let lists = members.indices.dropFirst(start).filter { members[$0] == FieldReads.element }
    if lists.contains(where: { answer.knows(Array(members[...$0])) == false }) { return nil }
    let names = answer.names(besides: members)
    let isExcluded = answer.knows(members) == false
    guard isExcluded || isProbablySlip(members, names, answer) else { return nil }
    let source =
      switch answer {
      case .text: "'\(stage)' has no schema: its answer is text"
      case .fields: "'\(stage)' does not set it"
      case .schema, .unknown: "the answer schema of '\(stage)' has no such property"
      }
    return Finding(
      code: .unknownOutput,
      sentence:
        "there is no '\(root).\(members.dropFirst(start).joined(separator: "."))': \(source)",
      hint: CloseName.hint(for: members.last ?? "", in: names, listed: "it has"))
  }

  /// Whether a member that the schema does not exclude, but does not declare either, is close to
  /// one that it does.
  private func isProbablySlip(
    _ members: [String], _ names: [String], _ answer: StageShape.Answer
  ) -> Bool {
    guard let name = members.last, answer.knows(members) == nil, !names.contains(name) else {
      return false
    }
    return CloseName.of(name, in: names) != nil
  }

  private func varFinding(_ path: FieldReads.Path) -> Finding? {
    guard let name = path.members.first, vars[name] == nil, !path.isOptional else { return nil }
    let names = (vars.members ?? []).map(\.key)
    return Finding(
      code: .unknownVar, sentence: "the file declares no variable '\(name)'",
      hint: CloseName.hint(for: name, in: names, listed: "its variables are")
        ?? "add it under 'vars:'")
  }

  private func stageFinding(_ path: FieldReads.Path) -> Finding? {
    guard let name = path.members.first, let ancestors else { return nil }
    let names = ancestors.map(\.name)
    guard let stage = ancestors.first(where: { $0.name == name }) else {
      return Finding(
        code: .unknownStage, sentence: "'stages' has no '\(name)' here",
        hint: otherStages.contains(name)
          ? "its records are not these; 'group' makes one of them for each of these, 'join' looks one up"
          : items != nil && names.isEmpty
            ? "what the stages answered is in 'items'"
            : CloseName.hint(for: name, in: names, listed: "this stage builds on")
              ?? "it has the stages that this one builds on, and this one reads no stage")
    }
    guard path.members.count > 1 else { return nil }
    guard path.members[1] == "output" else {
      return Finding(
        code: .unknownOutput,
        sentence: "'stages.\(name)' has only 'output', not '\(path.members[1])'")
    }
    return answerFinding(
      stage.answer, Array(path.members.dropFirst(2)), said: "stages.\(name).output", of: name)
  }

  private func fieldHint(_ root: String) -> String? {
    guard let records, case .never = records.presence(of: root) else {
      return records == nil ? nil : "the record's field of that name is 'record.\(root)'"
    }
    return nil
  }
}
