public import Records

/// Where a stage's records come from.
public enum SourcePlan: Sendable {
  /// A CSV file.
  case csv(PlannedFile, CSVOptions)
  /// A file with one JSON object a line.
  case jsonl(PlannedFile)
  /// A table or query of a SQLite database.
  case sqlite(PlannedFile, SQLiteSource.Selection)
  /// The records and answers of another stage.
  case stage(String)
  /// Standard input, which a run spools into a file first.
  case standardInput(StreamFormat)

  /// What standard input holds.
  public enum StreamFormat: Sendable {
    /// CSV with a header row.
    case csv(CSVOptions)
    /// One JSON object a line.
    case jsonl
  }

  /// The stage that is read; nil for other sources.
  public var upstream: String? {
    if case .stage(let name) = self { name } else { nil }
  }

  /// The file that is read; nil for stages and standard input.
  public var file: PlannedFile? {
    switch self {
    case .csv(let file, _), .jsonl(let file), .sqlite(let file, _): file
    case .stage, .standardInput: nil
    }
  }

  /// Opens the source for one reading from its beginning.
  ///
  /// - Parameters:
  ///   - spooled: The file that standard input was spooled into; other sources ignore it.
  ///   - bound: A database leaves out the rows below it; of other sources, all records come.
  /// - Returns: A source that reads as it is asked; nothing was read but a header.
  /// - Throws: `SourceError` when it cannot be opened or its header is wrong.
  /// - Precondition: The source is no stage, and standard input is spooled.
  public func open(
    spooled: PlannedFile? = nil, from bound: LowerBound? = nil
  ) throws(SourceError) -> any RecordSource {
    switch self {
    case .csv(let file, let options):
      return try CSVSource(Self.stream(file), options: options)
    case .jsonl(let file): return JSONLSource(try Self.stream(file))
    case .sqlite(let file, let selection):
      return try SQLiteSource(database: file.path, selection, from: bound)
    case .standardInput(let format):
      guard let spooled else { preconditionFailure("standard input is spooled before it is read") }
      guard FilePath.kind(of: spooled.path) == .file else {
        throw SourceError(
          .unreadable, in: "standard input", "nothing was piped in, and no run has kept anything",
          hint: "pipe the records: leaven run PIPELINE < records")
      }
      let stream = try ByteStream(path: spooled.path, name: "standard input")
      switch format {
      case .csv(let options): return try CSVSource(stream, options: options)
      case .jsonl: return JSONLSource(stream)
      }
    case .stage: preconditionFailure("a stage's records are read from its ledger")
    }
  }

  private static func stream(_ file: PlannedFile) throws(SourceError) -> ByteStream {
    try ByteStream(path: file.path, name: file.shownPath)
  }
}
