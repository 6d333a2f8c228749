/// Writes records as CSV.
///
/// Quotes are put where they must be and nowhere else. Strings are written as their text, numbers and Booleans as
/// JSON writes them, null as nothing, arrays and objects as compact JSON. The header is written even when no record follows.
public final class CSVSink: RecordSink {
  private let file: AtomicFile
  /// The names of the columns that are set, until the header is written.
  private let setting: [String]
  private var rows: CSVRowWriter

  /// Opens the file beside `path`.
  ///
  /// - Parameters:
  ///   - path: Where the file will be.
  ///   - fields: The source's columns, in order. With nil, as for a JSONL source, the first record's members are the
  ///     columns, and a later record with another member is an error.
  ///   - setting: The names that `write` will set: those that `fields` has are replaced, the others come after.
  ///   - dialect: How the file is written; a CSV source's own, as a rule.
  ///   - formulas: What happens to texts that a spreadsheet would take for a formula.
  /// - Throws: `WriteError` when that is not possible.
  public init(
    path: String, fields: [String]?, setting: [String], dialect: CSVDialect = CSVDialect(),
    formulas: FormulaPolicy = .keep
  ) throws(WriteError) {
    file = try AtomicFile(path: path)
    rows = CSVRowWriter(dialect, formulas)
    self.setting = setting
    if let fields { try begin(CSVColumns(fields: fields, setting: setting)) }
  }

  /// Writes a record with some members set.
  ///
  /// - Throws: `WriteError` when the system refuses, or a record has a member that the header lacks
  ///   (`unknown-field`).
  public func write(_ record: Record, setting: JSONView?) throws(WriteError) {
    if !rows.hasBegun {
      try begin(CSVColumns(fields: record.root.members.map(\.key.text), setting: self.setting))
    }
    if let unknown = rows.unknownField(of: record) {
      file.abandon()
      throw WriteError(
        .unknownField, path: file.path,
        "the record on line \(record.line) has the field \"\(unknown)\", which the header lacks",
        hint: "write JSONL, whose records may differ, or give the records the same fields")
    }
    try file.write { buffer in rows.append(record, setting: setting, to: &buffer) }
  }

  /// Completes the file and puts it in its place.
  ///
  /// - Throws: `WriteError` when the system refuses; what was there before is there still.
  public func finish() throws(WriteError) {
    if !rows.hasBegun { try begin(CSVColumns(fields: [], setting: setting)) }
    try file.commit()
  }

  /// Gives up: what was there before stays.
  public func abandon() { file.abandon() }

  private func begin(_ columns: CSVColumns) throws(WriteError) {
    try file.write { buffer in rows.begin(columns, into: &buffer) }
  }
}
