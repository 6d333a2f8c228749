/// The text of the rows of a CSV file: the state behind a `CSVSink`.
struct CSVRowWriter: ~Copyable {
  private let dialect: CSVDialect
  private let formulas: FormulaPolicy
  /// The columns in their order; nil until the first record tells them.
  private var columns: CSVColumns?
  private var scratch = ByteBuffer()

  init(_ dialect: CSVDialect, _ formulas: FormulaPolicy) {
    self.dialect = dialect
    self.formulas = formulas
  }

  /// Whether the header was written.
  var hasBegun: Bool { columns != nil }

  /// Appends the header.
  mutating func begin(_ columns: CSVColumns, into buffer: inout ByteBuffer) {
    self.columns = columns
    if dialect.hasByteOrderMark { buffer.append("\u{FEFF}") }
    for (position, name) in columns.names.enumerated() {
      if position > 0 { buffer.append(dialect.delimiter) }
      name.withUnsafeBufferPointer { append(text: $0, isAlone: columns.count == 1, to: &buffer) }
    }
    appendLineEnd(to: &buffer)
  }

  /// The name of a member of the record that no column has; nil when all have one.
  func unknownField(of record: Record) -> String? { columns?.unknownField(of: record) }

  /// Appends a row.
  mutating func append(_ record: Record, setting: JSONView?, to buffer: inout ByteBuffer) {
    let count = columns?.count ?? 0
    for column in 0..<count {
      if column > 0 { buffer.append(dialect.delimiter) }
      if let cells = record.cells, column < cells.count, columns?.isPlainCell(column) == true {
        append(text: cells[column], isAlone: count == 1, to: &buffer)
      } else if let value = columns?.value(of: column, record, setting) {
        append(value, isAlone: count == 1, to: &buffer)
      }
    }
    appendLineEnd(to: &buffer)
  }

  private mutating func append(
    _ value: CSVColumns.Value, isAlone: Bool, to buffer: inout ByteBuffer
  ) {
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

  @inline(__always) private func append(
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
