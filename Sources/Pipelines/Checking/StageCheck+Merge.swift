internal import Records
internal import Templates

extension StageCheck {
  /// Checks where the answers go; nil when they go nowhere or something is wrong.
  ///
  /// What the targets of all stages have to do with each other and with the sources is
  /// `TargetsCheck`'s work.
  func checkMerge(
    _ answer: StageShape.Answer, _ records: RecordShape?, into diagnostics: inout DiagnosticList
  ) -> MergePlan? {
    let merge = stage.section("merge")
    guard merge.node != nil else { return nil }
    let scope = ReadsCheck(
      records: records, output: .answer(answer, of: name), ancestors: shape.ancestors,
      vars: context.vars)
    var fields: [MergePlan.SetField] = []
    var reads = RecordReads()
    for pair in merge.pairs("set") {
      warnIfReserved(pair, into: &diagnostics)
      guard let scalar = pair.value.scalar, !scalar.isNull else { continue }
      let text = LocatedText(scalar: scalar, place: pair.value.place)
      guard
        let value = compiler.expression(text, name: "\(name).set.\(pair.name)", into: &diagnostics)
      else { continue }
      scope.check(value.reads, value.origin, into: &diagnostics)
      reads.add(value.reads)
      fields.append(MergePlan.SetField(name: pair.name, expression: value.code))
    }
    guard let target = target(merge), let missing: MissingPolicy = merge.choice("missing"),
      let filtered: FilteredPolicy = merge.choice("filtered"),
      let formulas: FormulaPolicy = merge.choice("formulas"),
      let addsColumns = merge.boolean("add_columns")
    else { return nil }
    return MergePlan(
      target: target, set: fields, missing: missing, filtered: filtered, addsColumns: addsColumns,
      formulas: formulas, reads: reads)
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
