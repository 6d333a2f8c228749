/// The records of a CSV source: a header row that names the columns, then one record a row.
///
/// Every value is text unless `types` says otherwise. Blank lines are no rows. A row that cannot be read is an error that
/// names it; the next call reads on, apart from broken quoting, after which no row can be trusted.
public final class CSVSource: RecordSource {
  private var rows: CSVRecordReader

  /// Reads the header of a stream.
  ///
  /// - Throws: `SourceError` when there is no header (`source-empty`), a name in it is empty, repeated or holds NUL
  ///   (`bad-header`), `types` names a column that is not there (`unknown-column`), or the header cannot be read.
  public init(_ stream: ByteStream, options: CSVOptions = CSVOptions()) throws(SourceError) {
    rows = try CSVRecordReader(stream, options)
  }

  /// The column names of the header, in order.
  public var fields: [String]? { rows.fields }
  /// How the file is written; a sink that continues it takes this.
  public var dialect: CSVDialect { rows.dialect }
  /// How many rows `ragged: skip` left out so far.
  public var skippedRows: Int { rows.skippedRows }
  /// The first few rows that `ragged: skip` left out.
  public var skipped: [SourceError] { rows.skipped }

  /// The next record, nil at the end.
  ///
  /// It is valid until the next call.
  ///
  /// - Throws: `SourceError`: `ragged-row` and `bad-value` do not end the reading; all others do.
  public func next() throws(SourceError) -> Record? { try rows.next() }
}
