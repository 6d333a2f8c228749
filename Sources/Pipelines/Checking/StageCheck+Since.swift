internal import Records

extension StageCheck {
  /// Checks which records are read again; nil when all are, or when that is wrong.
  func checkSince(
    _ section: Section, _ records: RecordShape?, into diagnostics: inout DiagnosticList
  ) -> SincePlan? {
    guard let node = section.written("since") else { return nil }
    let more = section.section("since")
    let isPlain = node.pairs == nil
    guard let field = isPlain ? section.text("since") : more.text("field") else { return nil }
    refuseCompany(of: node.place, section, into: &diagnostics)
    if let records, case .never = records.presence(of: field.text) {
      diagnostics.error(
        .unknownField, at: field.place, "the records have no field '\(field.text)' for 'since'",
        hint: CloseName.hint(for: field.text, in: records.fields, listed: "the fields are"))
    }
    guard !isPlain, let overlap = more.text("overlap") else {
      return SincePlan(field: field.text, overlap: nil)
    }
    if let number = Int64(overlap.text), number >= 0 {
      return SincePlan(field: field.text, overlap: .number(number))
    }
    if let time = TimeSpan.milliseconds(overlap.text) {
      return SincePlan(field: field.text, overlap: .seconds(time / 1000))
    }
    diagnostics.error(
      .wrongType, at: overlap.place,
      "'overlap' takes a length of time such as 1h, or a number, not '\(overlap.text)'")
    return nil
  }

  /// What needs all records at every reading does not go with `since`.
  private func refuseCompany(
    of place: Place, _ section: Section, into diagnostics: inout DiagnosticList
  ) {
    let transform = stage.section("transform")
    let others =
      ["each", "group", "join"].filter { section.written($0) != nil }
      + ["split"].filter { transform.written($0) != nil }
    for other in others {
      diagnostics.error(
        .conflictingKeys, at: place, "'since' and '\(other)' cannot be written together",
        hint: "'\(other)' needs all records; put it into a stage that reads this one")
    }
    if let policy = section.text("on_duplicate"), policy.text != "error" {
      diagnostics.error(
        .conflictingKeys, at: place,
        "'since' and 'on_duplicate: \(policy.text)' cannot be written together",
        hint: "which of two records counts is not known when only one of them is read")
    }
  }
}
