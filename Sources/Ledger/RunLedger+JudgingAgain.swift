internal import GRDB

/// What a changed way of judging makes of answers that are stored.
extension RunLedger {
  /// A stored answer, accepted or not.
  public struct StoredAttempt: Sendable {
    /// The attempt.
    public let attempt: Int64
    /// Where its row lies.
    public let place: AnswerPlace
  }

  /// An attempt that was judged again and is good.
  public struct JudgedAttempt: Sendable {
    /// The attempt.
    public let attempt: Int64
    /// What was repaired; nil for an answer that was read as it came.
    public let detail: String?

    /// Creates one.
    public init(attempt: Int64, detail: String?) {
      self.attempt = attempt
      self.detail = detail
    }
  }

  /// Whether anything was answered in a stage.
  ///
  /// - Throws: `LedgerError`.
  public func hasAnswers(ofStage stage: Int64) throws(LedgerError) -> Bool {
    try look("looking for answers") { database in
      try Bool.fetchOne(
        database,
        sql: "SELECT EXISTS (SELECT 1 FROM shards WHERE stage_id = ? AND results_file IS NOT NULL)",
        arguments: [stage]) ?? false
    }
  }

  /// Remembers how a stage's answers were judged.
  ///
  /// - Throws: `LedgerError`.
  public func recordJudging(ofStage stage: Int64, _ mark: String) throws(LedgerError) {
    try change("storing how answers are judged") { database in
      try database.execute(
        sql: "UPDATE stages SET judging = ? WHERE id = ?", arguments: [mark, stage])
    }
  }

  /// The answers, newest first, of a stage's records that were rejected, or wait to be asked again, because the answer was not what
  /// the schema asks.
  ///
  /// - Parameters:
  ///   - stage: The stage.
  ///   - plan: Only answers that were asked for under this plan.
  /// - Returns: Where they lie.
  /// - Throws: `LedgerError`.
  public func invalidAnswers(
    ofStage stage: Int64, plan: Int64
  ) throws(LedgerError) -> [StoredAttempt] {
    try look("reading invalid answers") { database in
      try Row.fetchAll(
        database,
        sql: """
          SELECT t.id, t.results_id, t.row_start, t.row_end FROM items i
          JOIN attempts t ON t.item_id = i.id AND t.outcome <> 'accepted'
          WHERE i.stage_id = ?1 AND i.state IN (2, 5) AND t.outcome = 'invalid-answer'
            AND t.results_id IS NOT NULL AND t.plan_id = ?2 AND i.plan_id = t.plan_id
            AND i.content = t.content
          ORDER BY t.id DESC
          """, arguments: [stage, plan]
      ).map(StoredAttempt.init(row:))
    }
  }

  /// Accepts answers that were judged again: their records have them, and so has every record that wants the same.
  ///
  /// - Returns: How many records were accepted.
  /// - Throws: `LedgerError`; then nothing changed.
  public func acceptAgain(_ judged: [JudgedAttempt]) throws(LedgerError) -> Int {
    guard !judged.isEmpty else { return 0 }
    return try change("accepting answers") { database in
      for one in judged {
        try database.execute(
          sql: """
            INSERT OR IGNORE INTO answers SELECT plan_id, content, id FROM attempts WHERE id = ?
            """, arguments: [one.attempt])
        guard database.changesCount > 0 else { continue }
        try database.execute(
          sql: "UPDATE attempts SET outcome = 'accepted', detail = ?2 WHERE id = ?1",
          arguments: [one.attempt, one.detail])
      }
      let isAnswered = """
        EXISTS (SELECT 1 FROM answers a WHERE a.plan_id = items.plan_id AND a.content = items.content)
        """
      let wait = "(state IN (2, 6) OR state = 5 AND content IS NOT NULL) AND \(isAnswered)"
      try database.execute(
        sql: """
          UPDATE stages SET version = version + 1
          WHERE id IN (SELECT stage_id FROM items WHERE \(wait))
          """)
      try database.execute(
        sql: "UPDATE items SET state = 4, reason = NULL, detail = NULL WHERE \(wait)")
      let count = database.changesCount
      try OrphanedTwins.wake(SQLiteConnection(database))
      return count
    }
  }

  /// The other plans that answers were given under, as far as a condition on what is different wants them.
  ///
  /// - Parameters:
  ///   - plan: The plan that they are compared with.
  ///   - isWanted: The condition.
  /// - Returns: Their numbers.
  /// - Throws: `LedgerError`.
  public func plansChanged(
    from plan: Int64, where isWanted: (ChangeCauses) -> Bool
  ) throws(LedgerError) -> [Int64] {
    try look("comparing plans") { database in
      let changes = try PlanChanges(SQLiteConnection(database), plan: plan)
      let others = try Int64.fetchAll(
        database, sql: "SELECT id FROM plans WHERE id <> ? ORDER BY id", arguments: [plan])
      return try others.filter { isWanted(try changes.causes(since: $0)) }
    }
  }

  /// Calls `body` with the accepted answers of a stage's records under one plan that another plan does not have.
  ///
  /// - Throws: `LedgerError`.
  public func forEachAnswer(
    ofStage stage: Int64, under plan: Int64, lackedBy other: Int64,
    _ body: (StoredAttempt) -> Void
  ) throws(LedgerError) {
    try look("reading answers") { database in
      let rows = try Row.fetchCursor(
        database,
        sql: """
          SELECT t.id, t.results_id, t.row_start, t.row_end FROM answers a
          JOIN attempts t ON t.id = a.attempt_id JOIN shards s ON s.id = t.shard_id
          WHERE a.plan_id = ?2 AND s.stage_id = ?1 AND t.results_id IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM answers o WHERE o.plan_id = ?3 AND o.content = a.content)
          """, arguments: [stage, plan, other])
      while let row = try rows.next() { body(StoredAttempt(row: row)) }
    }
  }

  /// Takes answers for answers under another plan, too: they are what it asks.
  ///
  /// - Returns: How many it did not have yet.
  /// - Throws: `LedgerError`; then nothing changed.
  public func adopt(_ attempts: [Int64], under plan: Int64) throws(LedgerError) -> Int {
    guard !attempts.isEmpty else { return 0 }
    return try change("keeping answers") { database in
      let connection = SQLiteConnection(database)
      let insert = try connection.prepare(
        "INSERT OR IGNORE INTO answers SELECT ?1, content, id FROM attempts WHERE id = ?2", plan)
      var count = 0
      for attempt in attempts {
        insert.bind(attempt, at: 2)
        count += try insert.run()
      }
      return count
    }
  }
}

extension RunLedger.StoredAttempt {
  fileprivate init(row: Row) {
    let start: Int = row[2]
    let end: Int = row[3]
    self.init(attempt: row[0], place: AnswerPlace(results: row[1], row: start..<end))
  }
}
