internal import Records

extension SourcePlan {
  /// What tells sources apart.
  var mark: String {
    switch self {
    case .csv(let file, _), .jsonl(let file): FilePath.identity(of: file.path)
    case .sqlite(let file, .table(let name)): "\(FilePath.identity(of: file.path)) table \(name)"
    case .sqlite(let file, .query(let query)): "\(FilePath.identity(of: file.path)) query \(query)"
    case .stage(let name): "stage \(name)"
    case .standardInput: "standard input"
    }
  }

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
