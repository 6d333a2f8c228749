/// Writes records as JSONL.
///
/// A record that was read from JSONL keeps its bytes (spaces, number text, order and repetition of keys); only what is set changes:
/// an existing member gets its new value where it stands, the others come before the closing brace. Records of other sources are
/// written as compact JSON.
public final class JSONLSink: RecordSink {
  private let file: AtomicFile
  private var splice = JSONSplice()

  /// Opens the file beside `path`.
  ///
  /// - Throws: `WriteError` when that is not possible.
  public init(path: String) throws(WriteError) {
    file = try AtomicFile(path: path)
  }

  /// Writes a record with some members set.
  ///
  /// - Throws: `WriteError` when the system refuses.
  public func write(_ record: Record, setting: JSONView?) throws(WriteError) {
    try file.write { buffer in
      if let raw = record.raw {
        splice.append(raw: raw, parsedAs: record.root, setting: setting, to: &buffer)
      } else {
        splice.append(record.root, setting: setting, to: &buffer)
      }
      buffer.append(0x0A)
    }
  }

  /// Writes an object that is no source's record on a line of its own.
  ///
  /// - Throws: `WriteError` when the system refuses.
  public func write(_ object: JSONView) throws(WriteError) {
    try file.write { buffer in
      object.appendJSON(to: &buffer)
      buffer.append(0x0A)
    }
  }

  /// Completes the file and puts it in its place.
  ///
  /// - Throws: `WriteError` when the system refuses; what was there before is there still.
  public func finish() throws(WriteError) { try file.commit() }

  /// Gives up: what was there before stays.
  public func abandon() { file.abandon() }
}
