/// A stream of records: `JSONLSource`, `CSVSource`, `SQLiteSource`.
///
/// Memory does not grow with the number of records, only with the largest one.
public protocol RecordSource: AnyObject {
  /// The names known before the first record (a CSV header, the columns of a table), in order; nil when the
  /// records alone tell.
  var fields: [String]? { get }

  /// The next record, nil at the end. It is valid until the next call.
  ///
  /// - Throws: `SourceError`. When its `endsReading` is false, calling again goes on after the bad record.
  func next() throws(SourceError) -> Record?
}
