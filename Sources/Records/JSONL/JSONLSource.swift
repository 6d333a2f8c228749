/// The records of a JSONL source: one JSON object a line.
///
/// Lines end at byte 0x0A only (U+2028 and its like are text); a CR before it is not part of the line. Blank lines are
/// passed over, a byte order mark is skipped. A bad line is an error that names it; the next call reads on.
public final class JSONLSource: RecordSource {
  private var lines: LineReader
  private var tape = JSONTape()

  /// Reads from a stream.
  ///
  /// - Parameters:
  ///   - stream: A file or standard input, gzip or not.
  ///   - encoding: How the text is stored; JSON itself demands UTF-8.
  public init(_ stream: ByteStream, encoding: TextEncoding = .utf8) {
    lines = LineReader(TextStream(stream, encoding: encoding))
  }

  /// Always nil: each record has its own names.
  public var fields: [String]? { nil }

  /// The next record, nil at the end.
  ///
  /// It is valid until the next call.
  ///
  /// - Throws: `SourceError`: `bad-json` and `not-an-object` name line and byte and do not end the reading; what the
  ///   stream throws ends it.
  public func next() throws(SourceError) -> Record? {
    while let text = try lines.next() {
      if let record = try parse(text) { return record }
    }
    return nil
  }

  /// The record of a line; nil when the line is blank.
  private func parse(_ text: UnsafeBufferPointer<UInt8>) throws(SourceError) -> Record? {
    let root: JSONView
    do throws(JSONError) {
      root = try tape.parse(text)
    } catch {
      if error.reason == .empty { return nil }
      throw badLine(.badJSON, text, at: error.offset, "is not JSON: \(error.reason.rawValue)")
    }
    guard root.kind == .object else {
      throw badLine(
        .notAnObject, text, at: 0, "is JSON, but not an object",
        hint: "each line of a JSONL source is one object: {\"id\": …}")
    }
    return Record(root: root, line: lines.line, raw: text)
  }

  private func badLine(
    _ code: SourceError.Code, _ text: UnsafeBufferPointer<UInt8>, at offset: Int,
    _ sentence: String, hint: String? = nil
  ) -> SourceError {
    SourceError(
      code, in: lines.name, line: lines.line, column: offset + 1,
      byteOffset: text.baseAddress.map { lines.sourceOffset(of: $0 + offset) },
      sentence, hint: hint, endsReading: false)
  }
}
