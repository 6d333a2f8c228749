internal import Records

extension SourcePlan {
  /// Whether a table of a database is what the source reads: the table itself, or one that its
  /// query names.
  func reads(table: String, in database: PlannedFile) -> Bool {
    guard case .sqlite(let file, let selection) = self,
      FilePath.identity(of: file.path) == FilePath.identity(of: database.path)
    else { return false }
    return switch selection {
    case .table(let name): SQLName.isSame(name, table)
    case .query(let query): SQLName.words(of: query).contains { SQLName.isSame(String($0), table) }
    }
  }
}
