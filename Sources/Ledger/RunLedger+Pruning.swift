internal import GRDB

/// A results file that is old enough to be looked through.
public struct OldResults: Sendable {
  /// Its number.
  public let id: Int64
  /// The file, relative to the state folder.
  public let file: String
  /// The rows that something may still point at, in the order of the file.
  public var kept: [Row] = []
  /// The bytes of the rows that nothing points at.
  public var droppedBytes = 0
  /// How many of these there are.
  public var droppedRows = 0

  /// A row of the file.
  public struct Row: Sendable {
    /// The attempt.
    public let attempt: Int64
    /// Its bytes.
    public let bytes: Range<Int>
  }
}

/// Taking leave of raw results that nobody can want any more.
extension RunLedger {
  /// The results files stored before a time, with the rows that are still of use: those of answers that an item wants,
  /// also one whose record is gone, and of answers that were not good enough and that another way of judging may accept.
  ///
  /// - Parameter time: UTC milliseconds.
  /// - Returns: The files in which something is of no use.
  /// - Throws: `LedgerError`.
  /// - Complexity: A pass over items, answers and attempts, in temporary tables.
  public func oldResults(storedBefore time: Int64) throws(LedgerError) -> [OldResults] {
    try SQLError.typed("looking for old results", at: path) {
      try queue.writeWithoutTransaction { database in
        try Self.markLive(database)
        var files: [OldResults] = []
        let rows = try Row.fetchCursor(
          database,
          sql: """
            SELECT r.id, r.file, t.id, t.row_start, t.row_end, l.attempt_id IS NOT NULL
            FROM results r JOIN attempts t ON t.results_id = r.id
            LEFT JOIN temp.live l ON l.attempt_id = t.id
            WHERE r.stored_at < ? AND t.row_start IS NOT NULL AND NOT EXISTS (
              SELECT 1 FROM shards s WHERE s.results_file = r.file AND s.state <> 'settled')
            ORDER BY r.id, t.row_start
            """, arguments: [time])
        while let row = try rows.next() {
          if files.last?.id != row[0] { files.append(OldResults(id: row[0], file: row[1])) }
          let start: Int = row[3]
          let end: Int = row[4]
          let bytes = start..<end
          if row[5] {
            files[files.count - 1].kept.append(OldResults.Row(attempt: row[2], bytes: bytes))
          } else {
            files[files.count - 1].droppedBytes += bytes.count
            files[files.count - 1].droppedRows += 1
          }
        }
        // An imported file is known by its name, which is the hash of what it holds: it goes as a whole or stays.
        return files.filter {
          $0.droppedRows > 0 && ($0.kept.isEmpty || !$0.file.hasPrefix("results/import-"))
        }
      }
    }
  }

  /// The attempts whose rows are of use, in a temporary table.
  private static func markLive(_ database: Database) throws {
    try database.execute(
      sql: """
        DROP TABLE IF EXISTS temp.wanted;
        DROP TABLE IF EXISTS temp.live;
        CREATE TEMP TABLE wanted (plan_id, content, PRIMARY KEY (plan_id, content)) WITHOUT ROWID;
        CREATE TEMP TABLE live (attempt_id INTEGER PRIMARY KEY);
        INSERT OR IGNORE INTO temp.wanted
          SELECT plan_id, content FROM items WHERE content IS NOT NULL;
        INSERT OR IGNORE INTO temp.live
          SELECT a.attempt_id FROM answers a JOIN temp.wanted w USING (plan_id, content);
        INSERT OR IGNORE INTO temp.live
          SELECT t.id FROM attempts t JOIN items i ON i.id = t.item_id
          WHERE t.outcome = 'invalid-answer' AND i.state IN (2, 5) AND i.content = t.content
            AND i.plan_id = t.plan_id;
        """)
  }

  /// Forgets where the rows of a file lay that are of no use, and notes where the others lie now. What they cost, and
  /// what came of them, stays.
  ///
  /// - Parameters:
  ///   - results: The file as it was.
  ///   - file: The file that has the rows which are kept, one after the other with a line feed each.
  /// - Throws: `LedgerError`; then nothing changed.
  public func keepRows(of results: OldResults, in file: String) throws(LedgerError) {
    try change("forgetting old results") { database in
      let connection = SQLiteConnection(database)
      try connection.run(
        """
        DELETE FROM answers WHERE attempt_id IN (SELECT id FROM attempts WHERE results_id = ?)
          AND attempt_id NOT IN (SELECT attempt_id FROM temp.live)
        """, results.id)
      try connection.run(
        """
        UPDATE attempts SET results_id = NULL, row_start = NULL, row_end = NULL
        WHERE results_id = ? AND id NOT IN (SELECT attempt_id FROM temp.live)
        """, results.id)
      let place = try connection.prepare(
        "UPDATE attempts SET row_start = ?2, row_end = ?3 WHERE id = ?1")
      var end: Int64 = 0
      for row in results.kept {
        place.bind(row.attempt, at: 1)
        place.bind(end, at: 2)
        place.bind(end + Int64(row.bytes.count), at: 3)
        try place.run()
        end += Int64(row.bytes.count) + 1
      }
      let rename = try connection.prepare("UPDATE results SET file = ?2 WHERE id = ?1", results.id)
      rename.bind(file, at: 2)
      try rename.run()
    }
  }
}
