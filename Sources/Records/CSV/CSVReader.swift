/// The rows of a CSV text, without knowledge of headers, widths and types.
///
/// Blank lines are no rows. Rows end at LF, CRLF or CR, mixed as they come.
struct CSVReader: ~Copyable {
  private var window: ReadWindow
  private let scanner: CSVRowScanner
  private var fields: [CSVRowScanner.Field] = []
  /// The line on which the row that `next` gave begins, counted from 1.
  private(set) var line = 1
  private var nextLine = 1
  /// How the first row ended: what the file's writer would write; nil before it, or when it has no line end.
  private(set) var lineEnd: CSVDialect.LineEnd?

  /// Reads from a stream.
  ///
  /// - Throws: `SourceError` (`bad-dialect`) when delimiter and quote are the same or cannot be one.
  init(
    _ stream: ByteStream, delimiter: UInt8 = 0x2C, quote: UInt8 = 0x22,
    encoding: TextEncoding = .utf8
  ) throws(SourceError) {
    window = ReadWindow(TextStream(stream, encoding: encoding))
    scanner = CSVRowScanner(delimiter: delimiter, quote: quote)
    let isPossible = [delimiter, quote].allSatisfy { $0 < 0x80 && $0 != 0x0A && $0 != 0x0D }
    guard isPossible, delimiter != quote else {
      throw SourceError(
        .badDialect, in: stream.name, "delimiter and quote must be two different ASCII characters")
    }
  }

  /// What error messages call the source.
  var name: String { window.name }

  /// Whether the text began with a byte order mark; known after the first row.
  var hasByteOrderMark: Bool { window.markLength == 3 }

  /// Appends the decoded texts of the next row's fields to a tape's bytes.
  ///
  /// - Returns: Whether there was a row.
  mutating func next(
    into tape: inout JSONTape, spans: inout CSVSpans
  ) throws(SourceError) -> Bool {
    spans.removeAll()
    while true {
      fields.removeAll(keepingCapacity: true)
      let start = window.start
      if start == window.end, window.isAtEnd { return false }
      line = nextLine
      let base = UnsafePointer(window.storage)
      let outcome = scanner.scan(
        base, from: start, to: window.end, isLast: window.isAtEnd, into: &fields)
      switch outcome {
      case .needsMore: try window.fill(line: line)
      case .row(let next, let ending):
        window.consume(to: next)
        if lineEnd == nil { note(ending) }
        try check(base, from: start, to: next)
        countLines(base, from: start, ending)
        if fields.count == 1, fields[0].start == fields[0].end, fields[0].start == start {
          continue
        }
        copyFields(base, rowLength: next - start, into: &tape, spans: &spans)
        return true
      case .strayText(let place): throw strayText(at: place, from: start)
      case .unterminated(let place): throw unterminated(at: place, from: start)
      }
    }
  }

  private mutating func note(_ ending: CSVRowScanner.Ending) {
    switch ending {
    case .lf: lineEnd = .lf
    case .crlf: lineEnd = .crlf
    case .cr: lineEnd = .cr
    case .none: break
    }
  }

  /// Counts the line ends inside the row's quoted fields, and the one after it.
  private mutating func countLines(
    _ base: UnsafePointer<UInt8>, from start: Int, _ ending: CSVRowScanner.Ending
  ) {
    let mark: UInt8 = lineEnd == .cr ? 0x0D : 0x0A
    for field in fields where field.end < window.end && base[field.end] == scanner.quote {
      nextLine += ByteCount.of(mark, base + field.start, count: field.end - field.start)
    }
    if ending != .none { nextLine += 1 }
  }

  private func check(_ base: UnsafePointer<UInt8>, from start: Int, to next: Int)
    throws(SourceError)
  {
    let row = UnsafeBufferPointer(start: base + start, count: next - start)
    guard let error = UTF8Check.firstError(in: row) else { return }
    let offset = window.sourceOffset(of: start + error)
    let badLine = line + ByteCount.of(0x0A, base + start, count: error)
    let byte = String(base[start + error], radix: 16, uppercase: true)
    throw SourceError(
      .badEncoding, in: name, line: badLine, byteOffset: offset,
      "byte \(offset) (0x\(byte)) is not UTF-8",
      hint: "set encoding: to what the file was saved in: latin1, windows-1252, utf-16")
  }

  private func copyFields(
    _ base: UnsafePointer<UInt8>, rowLength: Int, into tape: inout JSONTape,
    spans: inout CSVSpans
  ) {
    tape.reserveBytes(rowLength)
    for field in fields {
      let text = UnsafeBufferPointer(start: base + field.start, count: field.end - field.start)
      let range =
        field.hasDoubledQuotes
        ? tape.appendBytes(text, halving: scanner.quote) : tape.appendBytes(text)
      spans.append(CSVCells.Span(start: range.lowerBound, end: range.upperBound))
    }
  }

  private func strayText(at place: Int, from start: Int) -> SourceError {
    let skipped = ByteCount.of(0x0A, window.storage + start, count: place - start)
    return SourceError(
      .strayQuote, in: name, line: line + skipped, byteOffset: window.sourceOffset(of: place),
      "there is text after the closing quote of a field, in the row that begins on line \(line)",
      hint: "a quote inside a quoted field is written twice")
  }

  private func unterminated(at place: Int, from start: Int) -> SourceError {
    let skipped = ByteCount.of(0x0A, window.storage + start, count: place - start)
    return SourceError(
      .unterminatedQuote, in: name, line: line + skipped,
      byteOffset: window.sourceOffset(of: place),
      "the quote that opens here, in the row that begins on line \(line), is never closed")
  }
}
