/// The records of a CSV source: a header row that names the columns, then one record a row.
///
/// Every value is text unless `types` says otherwise. A row that cannot be read is an error that names it; the next
/// call reads on, apart from broken quoting, after which no row can be trusted.
public final class CSVSource: RecordSource {
  /// The column names of the header, in order.
  public let fields: [String]?
  /// How the file is written; a sink that continues it takes this.
  public let dialect: CSVDialect
  /// How many rows `ragged: skip` left out so far.
  public private(set) var skippedRows = 0
  /// The first few rows that `ragged: skip` left out.
  public private(set) var skipped: [SourceError] = []

  private let reader: CSVReader
  private let ragged: RaggedPolicy
  /// Where each column's name lies in the tape's own bytes.
  private let names: [Range<Int>]
  private let types: [CSVFieldType]
  private var tape: JSONTape
  private var spans: CSVSpans
  /// Bytes of the tape that all records share: the names.
  private let prefix: Int
  private var rowNumber = 0
  private var typed = CSVTypedValue()

  /// Reads the header of a stream.
  ///
  /// - Throws: `SourceError` when there is no header (`source-empty`), a name in it is empty, repeated or holds NUL
  ///   (`bad-header`), `types` names a column that is not there (`unknown-column`), or the header cannot be read.
  public init(_ stream: ByteStream, options: CSVOptions = CSVOptions()) throws(SourceError) {
    reader = try CSVReader(
      stream, delimiter: options.delimiter, quote: options.quote, encoding: options.encoding)
    var tape = JSONTape()
    var spans = CSVSpans()
    guard try reader.next(into: &tape, spans: &spans) else {
      throw SourceError(
        .empty, in: reader.name, "has no header row",
        hint: "the first row of a CSV source names its columns")
    }
    var texts: [[UInt8]] = []
    for column in 0..<spans.count { texts.append(Array(tape.ownedBytes(spans[column]))) }
    let header = CSVHeader(texts)
    try header.check(source: reader.name, line: reader.line)
    fields = header.names
    types = try header.types(options.types, source: reader.name)
    dialect = CSVDialect(
      delimiter: options.delimiter, quote: options.quote, lineEnd: reader.lineEnd ?? .lf,
      hasByteOrderMark: options.encoding == .utf8 && reader.hasByteOrderMark)
    ragged = options.ragged
    var names: [Range<Int>] = []
    for column in 0..<spans.count { names.append(spans[column].start..<spans[column].end) }
    self.names = names
    prefix = spans.end ?? 0
    self.tape = tape
    self.spans = spans
  }

  /// The next record, nil at the end.
  ///
  /// It is valid until the next call.
  ///
  /// - Throws: `SourceError`: `ragged-row` and `bad-value` do not end the reading; all others do.
  public func next() throws(SourceError) -> Record? {
    while true {
      tape.beginBuilding(keepingBytes: prefix)
      guard try reader.next(into: &tape, spans: &spans) else { return nil }
      rowNumber += 1
      guard spans.count == names.count || pads() else {
        let error = raggedRow()
        guard ragged == .skip else { throw error }
        skippedRows += 1
        if skipped.count < 10 { skipped.append(error) }
        continue
      }
      return try build()
    }
  }

  /// Pads a short row when that is the policy; whether the row now has the right width.
  private func pads() -> Bool {
    guard ragged == .pad, spans.count < names.count else { return false }
    let end = spans.end ?? prefix
    while spans.count < names.count { spans.append(CSVCells.Span(start: end, end: end)) }
    return true
  }

  private func build() throws(SourceError) -> Record {
    tape.beginObject()
    for column in 0..<names.count {
      tape.buildKey(at: names[column])
      let span = spans[column]
      if types[column] == .text {
        tape.buildString(at: span.start..<span.end)
      } else if !typed.build(types[column], span, on: &tape) {
        throw badValue(column)
      }
    }
    tape.end()
    let root = tape.built
    let cells = CSVCells(base: root.bytes, spans: spans.base, count: spans.count)
    return Record(root: root, line: reader.line, cells: cells)
  }

  private func raggedRow() -> SourceError {
    let hint =
      switch ragged {
      case .pad: "ragged: pad fills short rows only; ragged: skip leaves such rows out"
      default: "set ragged: pad (short rows) or ragged: skip, or check delimiter and quote"
      }
    return SourceError(
      .raggedRow, in: reader.name, line: reader.line,
      "row \(rowNumber) has \(count(spans.count)), the header has \(count(names.count))",
      hint: hint, endsReading: false)
  }

  private func count(_ fields: Int) -> String { fields == 1 ? "1 field" : "\(fields) fields" }

  private func badValue(_ column: Int) -> SourceError {
    let text = String(decoding: tape.ownedBytes(spans[column]).prefix(40), as: UTF8.self)
    return SourceError(
      .badValue, in: reader.name, line: reader.line,
      "row \(rowNumber): column \(fields?[column] ?? "") has \"\(text)\", which is no "
        + "\(types[column].rawValue)",
      hint: "correct the value, or read the column as text", endsReading: false)
  }
}
