public import Records

/// Where a stage's answers go.
public struct MergePlan: Sendable {
  /// What is written.
  public var target: Target
  /// The fields that are set, in the order of the file.
  public let set: [SetField]
  /// What is written for records without an accepted answer.
  public let missing: MissingPolicy
  /// What is written for records that `where` left out.
  public let filtered: FilteredPolicy
  /// Whether columns that a table lacks are added.
  public let addsColumns: Bool
  /// What happens in CSV to text that a spreadsheet would calculate.
  public let formulas: FormulaPolicy
  /// The stages whose answers `set` reads although this one does not build on them, in the order of the plan: the
  /// output is written when nothing of them is pending, either.
  public let combined: [String]
  /// What of the record the expressions read.
  public let reads: RecordReads

  /// A target of a merge.
  public enum Target: Hashable, Sendable {
    /// A file with one JSON object a line.
    case jsonl(PlannedFile)
    /// A CSV file.
    case csv(PlannedFile)
    /// A table.
    case sqlite(TableTarget)

    /// The file, or the database.
    public var file: PlannedFile {
      switch self {
      case .jsonl(let file), .csv(let file): file
      case .sqlite(let table): table.database
      }
    }
  }

  /// A table that takes answers.
  public struct TableTarget: Hashable, Sendable {
    /// The database that is written.
    public let database: PlannedFile
    /// The table.
    public let table: String
    /// The uniquely indexed column that holds the record's key.
    public let keyColumn: String
    /// Whether the table is the source's own: rows are updated, never inserted.
    public let isInPlace: Bool
    /// The real database that `database` is a copy of, to be made before the first merge if it
    /// exists; nil when `database` is the real one.
    public let copyOf: PlannedFile?
  }
}
