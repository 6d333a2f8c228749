internal import Records

/// Checks a table that takes answers.
struct TableTargetCheck {
  private let merge: TargetsCheck.Merge
  private let target: MergePlan.TableTarget
  private let section: Section

  init(_ merge: TargetsCheck.Merge, _ target: MergePlan.TableTarget) {
    self.merge = merge
    self.target = target
    section = merge.section.section("sqlite")
  }

  /// Checks that the database, the table, its key and its columns are as the merge needs them, and
  /// that the merge does not change what the stages ask.
  func check(_ readers: [TableReader], into diagnostics: inout DiagnosticList) {
    checkSelfFeeding(readers, into: &diagnostics)
    checkRows(into: &diagnostics)
    checkRecordKey(into: &diagnostics)
    checkSetNames(into: &diagnostics)
    checkFieldNames(into: &diagnostics)
    guard FilePath.kind(of: target.database.path) == .file else { return }
    let table: SQLiteTable?
    do throws(SourceError) {
      table = try SQLiteTable.inspect(target.table, in: target.database.path)
    } catch {
      return diagnostics.error(
        .mergeTarget, at: section.place(of: "database"),
        "'\(target.database.shownPath)' \(error.sentence)", hint: error.hint)
    }
    if !FilePath.isWritable(target.database.path) {
      diagnostics.error(
        .mergeTarget, at: section.place(of: "database"),
        "the database '\(target.database.shownPath)' cannot be written")
    }
    // A table that is not there is made by an upsert; in place it is the source, whose check names
    // it.
    guard let table else { return }
    check(table, into: &diagnostics)
  }

  private func check(_ table: SQLiteTable, into diagnostics: inout DiagnosticList) {
    guard table.kind == .table else {
      return diagnostics.error(
        .mergeTarget, at: section.place(of: "table"),
        "'\(target.table)' is a \(table.kind.rawValue), not a table", hint: "name a table")
    }
    checkKey(of: table, into: &diagnostics)
    for pair in merge.section.pairs("set") { check(pair, of: table, into: &diagnostics) }
    guard !target.isInPlace, !merge.plan.addsColumns, let records = merge.records,
      records.recordCount == nil
    else { return }
    let homeless = records.fields.filter { table.column($0) == nil }
    guard !homeless.isEmpty else { return }
    let names = homeless.prefix(5).map { "'\($0)'" }.joined(separator: ", ")
    diagnostics.error(
      .mergeTarget, at: section.place(of: "table"),
      "the table '\(table.name)' has no columns for the record's \(names)"
        + (homeless.count > 5 ? " and \(homeless.count - 5) more" : ""),
      hint: "set add_columns: true, or read fewer columns")
  }

  private func checkKey(of table: SQLiteTable, into diagnostics: inout DiagnosticList) {
    let place = section.place(of: "key")
    let key = target.keyColumn
    guard table.column(key) != nil else {
      return diagnostics.error(
        .mergeTarget, at: place, "the table '\(table.name)' has no column '\(key)'",
        hint: CloseName.hint(for: key, in: table.columns.map(\.name), listed: "its columns are"))
    }
    if !table.isUnique(key) {
      diagnostics.error(
        .mergeTarget, at: place, "the column '\(key)' of '\(table.name)' does not identify a row",
        hint: "give it a unique index: CREATE UNIQUE INDEX … ON \"\(table.name)\" (\"\(key)\")")
    }
    guard !target.isInPlace, let collation = table.keyStorage(key)?.collation else { return }
    diagnostics.warning(
      .mergeTarget, at: place,
      "the column '\(key)' of '\(table.name)' compares by \(collation): keys that differ for Leaven may be one row there",
      hint: "a merge of two such keys is refused; declare the column without COLLATE")
  }

  /// The source's own table has a row for each of the source's records, not for what was made of them.
  private func checkRows(into diagnostics: inout DiagnosticList) {
    guard target.isInPlace, !merge.hasRecordsOfSource else { return }
    diagnostics.error(
      .mergeTarget, at: section.place(of: "table"),
      "the records of '\(merge.stage)' are made of rows of '\(target.table)', and are none",
      hint: "write them to a table of their own")
  }

  /// Whether the merge makes the keys of its rows.
  private var setsKey: Bool {
    !merge.hasRecordsOfSource && !target.isInPlace
      && merge.plan.set.contains { $0.name.utf8.elementsEqual(target.keyColumn.utf8) }
  }

  /// A row is found, or made, by what the record has under the key column's name.
  private func checkRecordKey(into diagnostics: inout DiagnosticList) {
    guard !setsKey else { return }
    guard let records = merge.records, case .never = records.presence(of: target.keyColumn) else {
      return
    }
    diagnostics.error(
      .mergeTarget, at: section.place(of: "key"),
      "the records do not carry the key column '\(target.keyColumn)'",
      hint: CloseName.hint(
        for: target.keyColumn, in: records.fields, listed: "the table's key is one of their fields")
    )
  }

  /// What the merge sets goes into columns of its own: none is the key's, another's that is set, or, in a row with the
  /// whole record, that of a field with another spelling.
  private func checkSetNames(into diagnostics: inout DiagnosticList) {
    let pairs = merge.section.pairs("set")
    for (index, pair) in pairs.enumerated() {
      if SQLName.isSame(pair.name, target.keyColumn) {
        if setsKey, isSpelt(pair.name, target.keyColumn) { continue }
        diagnostics.error(
          .mergeTarget, at: pair.place, "the merge sets '\(pair.name)', the key of its own rows",
          hint: "set another column")
      } else if let other = twin(of: pair.name, in: pairs[..<index].map(\.name)) {
        diagnostics.error(
          .mergeTarget, at: pair.place,
          "'\(other)' and '\(pair.name)' are one column: SQLite does not tell A from a in names",
          hint: "set it once")
      } else if let field = twin(of: pair.name, in: recordFields) {
        diagnostics.error(
          .mergeTarget, at: pair.place,
          "'\(pair.name)' and the record's '\(field)' are one column: SQLite does not tell A from a in names",
          hint: "give it another name, or write '\(field)' to have it in the field's place")
      }
    }
  }

  /// Fields of the record that would go into one column.
  private func checkFieldNames(into diagnostics: inout DiagnosticList) {
    let fields = recordFields
    for (index, field) in fields.enumerated() {
      guard let other = twin(of: field, in: fields[..<index]) else { continue }
      diagnostics.error(
        .mergeTarget, at: section.place(of: "table"),
        "the record's '\(other)' and '\(field)' are one column: SQLite does not tell A from a in names",
        hint: "rename one of them in the source, or write to csv or jsonl")
    }
  }

  /// The fields of the record that go into its row: none in place, where only what is set is written.
  private var recordFields: [String] { target.isInPlace ? [] : merge.records?.fields ?? [] }

  private func isSpelt(_ name: String, _ other: String) -> Bool {
    name.utf8.elementsEqual(other.utf8)
  }

  /// A name that SQLite takes for the same, though it is spelt in another way.
  private func twin(of name: String, in others: some Sequence<String>) -> String? {
    others.first { SQLName.isSame($0, name) && !isSpelt($0, name) }
  }

  private func check(
    _ pair: YAMLPair, of table: SQLiteTable, into diagnostics: inout DiagnosticList
  ) {
    // What is set of the key is looked at without the table, too.
    if SQLName.isSame(pair.name, target.keyColumn) { return }
    guard let column = table.column(pair.name) else {
      guard !merge.plan.addsColumns else { return }
      return diagnostics.error(
        .mergeTarget, at: pair.place, "the table '\(table.name)' has no column '\(pair.name)'",
        hint: CloseName.of(pair.name, in: table.columns.map(\.name)).map { "did you mean '\($0)'?" }
          ?? "set add_columns: true to have it added")
    }
    if column.isGenerated {
      diagnostics.error(
        .mergeTarget, at: pair.place, "the column '\(pair.name)' is generated and cannot be set")
    }
  }

  /// What a merge changes in the table that prompts are made of would be asked again every night.
  private func checkSelfFeeding(_ readers: [TableReader], into diagnostics: inout DiagnosticList) {
    guard target.isInPlace else { return }
    for reader in readers where reader.source.reads(table: target.table, in: target.database) {
      for pair in merge.section.pairs("set") where !SQLName.isSame(pair.name, target.keyColumn) {
        let isRead = reader.reads.fields.contains { SQLName.isSame($0, pair.name) }
        guard isRead || reader.reads.isWhole else { continue }
        let how = isRead ? "reads it" : "reads the whole record"
        diagnostics.error(
          .selfFeeding, at: pair.place,
          "the merge changes '\(pair.name)', and the stage '\(reader.stage)' \(how): "
            + "every run would ask again",
          hint: isRead
            ? "write another column; only 'where' may read what is written"
            : "name the fields that the prompt needs instead of 'record'")
      }
    }
  }
}
