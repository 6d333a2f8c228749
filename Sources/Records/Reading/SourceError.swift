/// Why a source cannot be read, or one of its records cannot.
public struct SourceError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong; the raw value is the diagnostic code.
  public enum Code: String, Sendable, CaseIterable {
    case unreadable = "source-unreadable"
    case empty = "source-empty"
    case badGzip = "bad-gzip"
    case truncatedGzip = "truncated-gzip"
    case nestedGzip = "nested-gzip"
    case badEncoding = "bad-encoding"
    case wrongEncoding = "wrong-encoding"
    case recordTooLong = "record-too-long"
    case badJSON = "bad-json"
    case notAnObject = "not-an-object"
    case badDialect = "bad-dialect"
    case badHeader = "bad-header"
    case unknownColumn = "unknown-column"
    case unterminatedQuote = "unterminated-quote"
    case strayQuote = "stray-quote"
    case raggedRow = "ragged-row"
    case badValue = "bad-value"
    case badDatabase = "bad-database"
    case busyDatabase = "database-busy"
    case unknownTable = "unknown-table"
    case badQuery = "bad-query"
    case queryWrites = "query-writes"
    case duplicateColumn = "duplicate-column"
    case blobValue = "blob-value"
    case infiniteReal = "infinite-real"
  }

  /// The file, database or `standard input`, as the user named it.
  public let source: String
  /// The line, counted from 1, where the record begins (the row's ordinal in a database); nil when the whole
  /// source is meant.
  public let line: Int?
  /// The byte within the line, counted from 1; nil when not known.
  public let column: Int?
  /// The byte within the (decompressed) source, counted from 0; nil when not known.
  public let byteOffset: Int?
  /// What is wrong.
  public let code: Code
  /// What is wrong, as a sentence without the place.
  public let sentence: String
  /// What to do about it; nil when the sentence says it.
  public let hint: String?
  /// Whether the source can give no more records.
  ///
  /// When false, the next call of `next()` reads the record after the bad one.
  public let endsReading: Bool

  /// Creates an error.
  public init(
    _ code: Code, in source: String, line: Int? = nil, column: Int? = nil, byteOffset: Int? = nil,
    _ sentence: String, hint: String? = nil, endsReading: Bool = true
  ) {
    self.code = code
    self.source = source
    self.line = line
    self.column = column
    self.byteOffset = byteOffset
    self.sentence = sentence
    self.hint = hint
    self.endsReading = endsReading
  }

  /// `source:line:column: error[code]: sentence`.
  public var located: String {
    let place = [source, line.map(String.init), column.map(String.init)].compactMap { $0 }
      .joined(separator: ":")
    return "\(place): error[\(code.rawValue)]: \(sentence)"
  }

  /// The located sentence, and the hint after a semicolon.
  public var description: String { located + (hint.map { "; \($0)" } ?? "") }
}
