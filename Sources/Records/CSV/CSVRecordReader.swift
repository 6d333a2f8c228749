/// Turns the rows of a CSV text into records: the state behind a `CSVSource`.
struct CSVRecordReader: ~Copyable {
  let fields: [String]
  let dialect: CSVDialect
  private(set) var skippedRows = 0
  private(set) var skipped: [SourceError] = []

  private var reader: CSVReader
  private let ragged: RaggedPolicy
  /// Where each column's name lies in the tape's own bytes.
  private let names: [Range<Int>]
  private let types: [CSVFieldType]
  private let hasTextOnly: Bool
  private var tape: JSONTape
  private var spans: CSVSpans
  /// Bytes of the tape that all records share: the names.
  private let prefix: Int
  private var rowNumber = 0
  private var typed: CSVTypedValue

  /// Reads the header.
  init(_ stream: ByteStream, _ options: CSVOptions) throws(SourceError) {
    var tape = JSONTape()
    var spans = CSVSpans()
    var reader = try CSVReader(
      stream, delimiter: options.delimiter, quote: options.quote, encoding: options.encoding)
    guard try reader.next(into: &tape, spans: &spans) else {
      throw SourceError(
        .empty, in: stream.name, "has no header row",
        hint: "the first row of a CSV source names its columns")
    }
    var places: [Range<Int>] = []
    var texts: [[UInt8]] = []
    for column in 0..<spans.count {
      places.append(spans[column].start..<spans[column].end)
      texts.append(Array(tape.ownedBytes(spans[column])))
    }
    let header = CSVHeader(texts)
    try header.check(source: stream.name, line: reader.line)
    let types = try header.types(options.types, source: stream.name)
    fields = header.names
    names = places
    self.types = types
    hasTextOnly = types.allSatisfy { $0 == .text }
    dialect = CSVDialect(
      delimiter: options.delimiter, quote: options.quote, lineEnd: reader.lineEnd ?? .lf,
      hasByteOrderMark: options.encoding == .utf8 && reader.hasByteOrderMark)
    ragged = options.ragged
    prefix = tape.byteCount
    self.reader = reader
    self.tape = tape
    self.spans = spans
    typed = CSVTypedValue()
  }

  /// The next record, nil at the end.
  mutating func next() throws(SourceError) -> Record? {
    while true {
      tape.beginRow(keepingBytes: prefix)
      guard try reader.next(into: &tape, spans: &spans) else { return nil }
      rowNumber += 1
      if spans.count == names.count || pads() { return try build() }
      let error = raggedRow()
      guard ragged == .skip else { throw error }
      skippedRows += 1
      if skipped.count < 10 { skipped.append(error) }
    }
  }

  /// Pads a short row when that is the policy; whether the row now has the right width.
  private mutating func pads() -> Bool {
    guard ragged == .pad, spans.count < names.count else { return false }
    let end = spans.end ?? prefix
    while spans.count < names.count { spans.append(CSVCells.Span(start: end, end: end)) }
    return true
  }

  private mutating func build() throws(SourceError) -> Record {
    if hasTextOnly { tape.buildTexts(names, spans) } else { try buildTyped() }
    let root = tape.built
    let cells = CSVCells(base: root.bytes, spans: spans.base, count: spans.count)
    return Record(root: root, line: reader.line, cells: cells)
  }

  private mutating func buildTyped() throws(SourceError) {
    tape.removeNodes()
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
      "row \(rowNumber): column \(fields[column]) has \"\(text)\", which is no "
        + "\(types[column].rawValue)",
      hint: "correct the value, or read the column as text", endsReading: false)
  }
}
