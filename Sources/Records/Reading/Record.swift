/// One record of a source: a line of JSONL, a row of a CSV file or of a database.
///
/// A borrowed look at memory of its source: valid until the source's next `next()`.
public struct Record {
  /// The record as a JSON object.
  public let root: JSONView
  /// The line where it begins, counted from 1; for a database, the ordinal of the row.
  public let line: Int
  /// The bytes of a JSONL line without its line end; nil for other sources.
  public let raw: UnsafeBufferPointer<UInt8>?
  /// The texts of a CSV row's fields in the order of the columns, as read and before `types:` gave them a
  /// kind; nil for other sources.
  public let cells: CSVCells?

  /// Creates a record over memory that the caller keeps alive.
  ///
  /// - Precondition: When `raw` is given, `root` was parsed from it.
  public init(
    root: JSONView, line: Int, raw: UnsafeBufferPointer<UInt8>? = nil, cells: CSVCells? = nil
  ) {
    self.root = root
    self.line = line
    self.raw = raw
    self.cells = cells
  }
}
