/// A file of records that is being written: `JSONLSink`, `CSVSink`.
///
/// It appears whole, when `finish` returns.
public protocol RecordSink: AnyObject {
  /// Writes a record with some members set.
  ///
  /// - Parameters:
  ///   - record: A record of any source.
  ///   - setting: An object whose members replace the record's members of the same names or are added after them;
  ///     nil writes the record as it is.
  /// - Throws: `WriteError`; nothing more can be written then.
  func write(_ record: Record, setting: JSONView?) throws(WriteError)

  /// Completes the file and puts it in its place.
  ///
  /// - Throws: `WriteError`; what was there before is there still.
  func finish() throws(WriteError)

  /// Gives up: what was there before stays.
  func abandon()
}
