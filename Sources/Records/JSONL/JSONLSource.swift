#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// The records of a JSONL source: one JSON object a line.
///
/// Lines end at byte 0x0A only (U+2028 and its like are text); a CR before it is not part of the line. Blank lines are
/// passed over, a byte order mark is skipped. A bad line is an error that names it; the next call reads on.
public final class JSONLSource: RecordSource {
  private var window: ReadWindow
  private var tape = JSONTape()
  /// The number of the line that `nextLine` gave last.
  private var line = 0

  /// Reads from a stream.
  ///
  /// - Parameters:
  ///   - stream: A file or standard input, gzip or not.
  ///   - encoding: How the text is stored; JSON itself demands UTF-8.
  public init(_ stream: ByteStream, encoding: TextEncoding = .utf8) {
    window = ReadWindow(TextStream(stream, encoding: encoding))
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
    while let text = try nextLine() {
      if let record = try parse(text) { return record }
    }
    return nil
  }

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
    return Record(root: root, line: line, raw: text)
  }

  private func badLine(
    _ code: SourceError.Code, _ text: UnsafeBufferPointer<UInt8>, at offset: Int,
    _ sentence: String, hint: String? = nil
  ) -> SourceError {
    let start = text.baseAddress.map { $0 - UnsafePointer(window.storage) } ?? 0
    return SourceError(
      code, in: window.name, line: line, column: offset + 1,
      byteOffset: window.sourceOffset(of: start + offset), sentence, hint: hint, endsReading: false)
  }

  /// The next line without its end, nil when there is none.
  private func nextLine() throws(SourceError) -> UnsafeBufferPointer<UInt8>? {
    line += 1
    var scanned = 0
    while true {
      let first = window.storage + window.start
      let length = window.end - window.start
      if let found = memchr(first + scanned, 0x0A, length - scanned) {
        let stop = found.assumingMemoryBound(to: UInt8.self) - first
        window.consume(to: window.start + stop + 1)
        return Self.line(first, length: stop)
      }
      if window.isAtEnd {
        guard length > 0 else { return nil }
        window.consume(to: window.end)
        return Self.line(first, length: length)
      }
      scanned = length
      try window.fill(line: line)
    }
  }

  private static func line(
    _ first: UnsafeMutablePointer<UInt8>, length: Int
  ) -> UnsafeBufferPointer<UInt8> {
    let hasReturn = length > 0 && first[length - 1] == 0x0D
    return UnsafeBufferPointer(start: first, count: hasReturn ? length - 1 : length)
  }
}
