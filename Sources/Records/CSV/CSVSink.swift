/// Writes records as CSV.
///
/// Quotes are put where they must be and nowhere else. Strings are written as their text, numbers and Booleans as
/// JSON writes them, null as nothing, arrays and objects as compact JSON. The header is written even when no record follows.
public final class CSVSink: RecordSink {
  private let file: AtomicFile
  private let dialect: CSVDialect
  private let formulas: FormulaPolicy
  /// The names of the columns that are set, until the header is written.
  private let setting: [String]
  /// The columns in their order; nil until the first record tells them.
  private var columns: CSVColumns?
  private var scratch = ByteBuffer()

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
    self.dialect = dialect
    self.formulas = formulas
    self.setting = setting
    if let fields { try begin(CSVColumns(fields: fields, setting: setting)) }
  }

  /// Writes a record with some members set.
  ///
  /// - Throws: `WriteError` when the system refuses, or a record has a member that the header lacks
  ///   (`unknown-field`).
  public func write(_ record: Record, setting: JSONView?) throws(WriteError) {
    if columns == nil {
      try begin(CSVColumns(fields: record.root.members.map(\.key.text), setting: self.setting))
    }
    if let unknown = columns?.unknownField(of: record) {
      file.abandon()
      throw WriteError(
        .unknownField, path: file.path,
        "the record on line \(record.line) has the field \"\(unknown)\", which the header lacks",
        hint: "write JSONL, whose records may differ, or give the records the same fields")
    }
    try file.write { buffer in
      columns?.forEachValue(of: record, setting: setting) { position, value in
        if position > 0 { buffer.append(dialect.delimiter) }
        append(value, isAlone: columns?.count == 1, to: &buffer)
      }
      appendLineEnd(to: &buffer)
    }
  }

  /// Completes the file and puts it in its place.
  ///
  /// - Throws: `WriteError` when the system refuses; what was there before is there still.
  public func finish() throws(WriteError) {
    if columns == nil { try begin(CSVColumns(fields: [], setting: setting)) }
    try file.commit()
  }

  /// Gives up: what was there before stays.
  public func abandon() { file.abandon() }

  private func begin(_ columns: CSVColumns) throws(WriteError) {
    self.columns = columns
    try file.write { buffer in
      if dialect.hasByteOrderMark { buffer.append("\u{FEFF}") }
      for (position, name) in columns.names.enumerated() {
        if position > 0 { buffer.append(dialect.delimiter) }
        name.withUnsafeBufferPointer { append(text: $0, isAlone: columns.count == 1, to: &buffer) }
      }
      appendLineEnd(to: &buffer)
    }
  }

  private func append(_ value: CSVColumns.Value, isAlone: Bool, to buffer: inout ByteBuffer) {
    switch value {
    case .text(let text): append(text: text, isAlone: isAlone, to: &buffer)
    case .json(let view) where view.kind == .string && !view.node.flags.contains(.needsDecoding):
      append(text: view.rawBytes, isAlone: isAlone, to: &buffer)
    case .json(let view) where view.kind == .number: buffer.append(view.rawBytes)
    case .json(let view) where !view.isNull:
      scratch.removeAll()
      view.appendText(to: &scratch)
      append(text: scratch.bytes, isAlone: isAlone, to: &buffer)
    default: if isAlone { appendEmptyQuotes(to: &buffer) }
    }
  }

  private func append(
    text: UnsafeBufferPointer<UInt8>, isAlone: Bool, to buffer: inout ByteBuffer
  ) {
    if text.isEmpty {
      // An empty line would be no row at all.
      if isAlone { appendEmptyQuotes(to: &buffer) }
    } else if formulas.escapes(text) {
      var escaped = ByteBuffer(capacity: text.count + 1)
      escaped.append(0x27)
      escaped.append(text)
      CSVQuoting.append(escaped.bytes, dialect, to: &buffer)
    } else {
      CSVQuoting.append(text, dialect, to: &buffer)
    }
  }

  private func appendEmptyQuotes(to buffer: inout ByteBuffer) {
    buffer.append(dialect.quote)
    buffer.append(dialect.quote)
  }

  private func appendLineEnd(to buffer: inout ByteBuffer) {
    switch dialect.lineEnd {
    case .lf: buffer.append(0x0A)
    case .crlf: buffer.append("\r\n")
    case .cr: buffer.append(0x0D)
    }
  }
}
