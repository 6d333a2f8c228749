internal import Pipelines
internal import Records

/// Where a merge writes: a file beside the target, or a table.
final class MergeTarget {
  private enum Sink {
    case file(any RecordSink)
    case rows(SQLiteMerge, Pipelines.MergePlan.TableTarget)
  }

  private let sink: Sink

  /// Opens a target; nothing of it changes before `finish`.
  ///
  /// - Throws: `WriteError`, `RunError.stateFile`.
  init(_ merge: MergePlan, fields: [String]?, dialect: CSVDialect?, in folder: StateFolder) throws {
    let names = merge.set.map(\.name)
    switch merge.target {
    case .jsonl(let file):
      try folder.makeParent(of: file.path)
      sink = .file(try JSONLSink(path: file.path))
    case .csv(let file):
      try folder.makeParent(of: file.path)
      sink = .file(
        try CSVSink(
          path: file.path, fields: fields, setting: names, dialect: dialect ?? CSVDialect(),
          formulas: merge.formulas))
    case .sqlite(let table):
      try folder.makeParent(of: table.database.path)
      try folder.copyDatabase(to: table)
      sink = .rows(
        try SQLiteMerge(
          database: table.database.path, table: table.table, key: table.keyColumn,
          mode: table.isInPlace ? .inPlace : .upsert, setting: names,
          addingColumns: merge.addsColumns), table)
    }
  }

  /// Writes a record with what is set from its answer, or with nulls in its place.
  func write(
    _ record: Record, setting: JSONView, isAnswer: Bool
  ) throws(WriteError) {
    switch sink {
    case .file(let file): try file.write(record, setting: setting)
    case .rows(let merge, let table):
      guard table.isInPlace else {
        // A row whose key is made of the answer is none without one.
        guard setting[table.keyColumn]?.isNull != true else { return }
        try merge.put(record.root, setting: setting)
        return
      }
      // A value is never replaced by null: only accepted answers are written.
      guard isAnswer, let rowKey = record.root[table.keyColumn] else { return }
      try merge.set(rowKey, to: setting)
    }
  }

  /// Writes a record that `where` left out, unchanged. Rows of a table are left untouched.
  func keep(_ record: Record) throws(WriteError) {
    switch sink {
    case .file(let file): try file.write(record, setting: nil)
    case .rows(let merge, let table):
      if !table.isInPlace { try merge.put(record.root, setting: nil) }
    }
  }

  /// Puts the output in place.
  func finish(_ outcome: inout MergeOutcome) throws(WriteError) {
    switch sink {
    case .file(let file): try file.finish()
    case .rows(let merge, _):
      let done = try merge.finish()
      outcome.written = done.written
      outcome.unchanged = done.unchanged
      outcome.gone = done.gone
    }
  }

  /// Leaves the target as it was.
  func abandon() {
    switch sink {
    case .file(let file): file.abandon()
    case .rows(let merge, _): merge.abandon()
    }
  }
}
