internal import Records
internal import Templates

extension StageCheck {
  /// Checks where the answers go; nil when they go nowhere or something is wrong.
  ///
  /// What the targets of all stages have to do with each other and with the sources is
  /// `TargetsCheck`'s work.
  func checkMerge(
    _ answer: StageShape.Answer, _ reads: ReadsCheck, _ others: [StageShape],
    into diagnostics: inout DiagnosticList
  ) -> MergePlan? {
    let merge = stage.section("merge")
    guard merge.node != nil else { return nil }
    var scope = reads
    scope.output = .answer(answer, of: name)
    let siblings = others.filter { other in
      other.name != name && shape.keys.finds(other.keys)
        && reads.ancestors?.contains { $0.name == other.name } == false
    }
    scope.ancestors = reads.ancestors.map { $0 + siblings }
    scope.otherStages = others.map(\.name).filter { $0 != name }
    checkFiltered(merge, into: &diagnostics)
    for pair in merge.pairs("set") { warnIfReserved(pair, into: &diagnostics) }
    let fields = checkSet(merge, scope, into: &diagnostics)
    var fieldsRead = RecordReads()
    for field in fields { fieldsRead.add(field.value.reads) }
    let stagesRead = Set(fields.flatMap { $0.value.code.stagesRead })
    guard let target = target(merge), let missing: MissingPolicy = merge.choice("missing"),
      let filtered: FilteredPolicy = merge.choice("filtered"),
      let formulas: FormulaPolicy = merge.choice("formulas"),
      let addsColumns = merge.boolean("add_columns")
    else { return nil }
    return MergePlan(
      target: target, set: fields.map { SetField(name: $0.name, expression: $0.value.code) },
      missing: missing, filtered: filtered, addsColumns: addsColumns,
      formulas: formulas, combined: siblings.map(\.name).filter(stagesRead.contains),
      reads: fieldsRead)
  }

  /// Records that were left out before others were made of them have no rows among those.
  private func checkFiltered(_ merge: Section, into diagnostics: inout DiagnosticList) {
    guard let reshaping = reshapingKeys.first, let filtered = merge.text("filtered"),
      filtered.text == FilteredPolicy.keep.rawValue
    else { return }
    diagnostics.error(
      .misplacedKey, at: filtered.place, "'filtered: keep' does not go with '\(reshaping.name)'",
      hint: "the output has the rows that are made, and none for records that 'where' left out")
  }

  private func target(_ merge: Section) -> MergePlan.Target? {
    if let path = merge.text("jsonl") { return .jsonl(context.planned(path.text)) }
    if let path = merge.text("csv") { return .csv(context.planned(path.text)) }
    let table = merge.section("sqlite")
    guard let path = table.text("database"), let name = table.text("table"),
      let key = table.text("key")
    else { return nil }
    let database = context.planned(path.text)
    return .sqlite(
      MergePlan.TableTarget(
        database: database, table: name.text, keyColumn: key.text,
        isInPlace: rootSource.map { $0.reads(table: name.text, in: database) } ?? false, copyOf: nil
      ))
  }

  private func warnIfReserved(_ pair: YAMLPair, into diagnostics: inout DiagnosticList) {
    guard ScopeRoot.reservedNames.contains(pair.name) else { return }
    diagnostics.warning(
      .reservedField, at: pair.place,
      "the field '\(pair.name)' has a name that means something else in templates",
      hint: "another name is easier to read back")
  }
}
