/// The rows of a CSV text, without knowledge of headers, widths and types.
///
/// Blank lines are no rows. Rows end at LF, CRLF or CR, mixed as they come.
struct CSVReader: ~Copyable {
  private var window: ReadWindow
  private let scanner: CSVRowScanner
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

  /// Appends the next row to a tape's bytes and says where the decoded texts of its fields lie in them.
  ///
  /// - Returns: Whether there was a row.
  mutating func next(
    into tape: inout JSONTape, spans: inout CSVSpans
  ) throws(SourceError) -> Bool {
    while true {
      spans.removeAll()
      let start = window.start
      if start == window.end, window.isAtEnd { return false }
      line = nextLine
      let base = UnsafePointer(window.storage)
      let outcome = scanner.scan(
        base, from: start, to: window.end, isLast: window.isAtEnd, into: &spans)
      switch outcome {
      case .needsMore: try window.fill(line: line)
      case .row(let next, let ending):
        window.consume(to: next)
        if lineEnd == nil { note(ending) }
        let row = UnsafeBufferPointer(start: base + start, count: next - start)
        try check(row, from: start)
        countLines(in: row, ending)
        if spans.count == 1, spans[0].start == start, spans[0].end == start { continue }
        copy(row, from: start, into: &tape, spans: &spans)
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

  /// Counts the line ends inside the row's quotes, and the one after it.
  private mutating func countLines(
    in row: UnsafeBufferPointer<UInt8>, _ ending: CSVRowScanner.Ending
  ) {
    guard ending != .none, let base = row.baseAddress else { return }
    let inside = row.count - (ending == .crlf ? 2 : 1)
    nextLine += 1 + ByteCount.of(lineEnd == .cr ? 0x0D : 0x0A, base, count: inside)
  }

  private func check(_ row: UnsafeBufferPointer<UInt8>, from start: Int) throws(SourceError) {
    guard let error = UTF8Check.firstError(in: row), let base = row.baseAddress else { return }
    let offset = window.sourceOffset(of: start + error)
    let byte = String(row[error], radix: 16, uppercase: true)
    throw SourceError(
      .badEncoding, in: name, line: line + ByteCount.of(0x0A, base, count: error),
      byteOffset: offset, "byte \(offset) (0x\(byte)) is not UTF-8",
      hint: "set encoding: to what the file was saved in: latin1, windows-1252, utf-16")
  }

  /// Copies a row in one piece; only fields with doubled quotes are written again behind it.
  private func copy(
    _ row: UnsafeBufferPointer<UInt8>, from start: Int, into tape: inout JSONTape,
    spans: inout CSVSpans
  ) {
    let place = tape.appendBytes(row).lowerBound
    for index in 0..<spans.doubledCount {
      let column = spans.doubled(index)
      let span = spans[column]
      let text = UnsafeBufferPointer(rebasing: row[span.start - start..<span.end - start])
      let decoded = tape.appendBytes(text, halving: scanner.quote)
      let shift = place - start
      spans[column] = CSVCells.Span(
        start: decoded.lowerBound - shift, end: decoded.upperBound - shift)
    }
    spans.move(by: place - start)
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
