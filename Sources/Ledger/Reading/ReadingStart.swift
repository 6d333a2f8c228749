internal import GRDB
internal import Records

/// What a reading needs to know of the ledger before the first record.
struct ReadingStart {
  let lastItem: Int64
  let lastShard: Int64
  let hasAnswers: Bool
  let openContents: IdentitySet
  let walk: ItemWalk
  let inserts: RowWriter

  init(_ database: Database, _ terms: ReadingSession.Terms) throws {
    lastItem = try Int64.fetchOne(database, sql: "SELECT max(id) FROM items") ?? 0
    lastShard = try Int64.fetchOne(database, sql: "SELECT max(id) FROM shards") ?? 0
    hasAnswers = try Bool.fetchOne(database, sql: "SELECT EXISTS (SELECT 1 FROM answers)") ?? false
    openContents = try Self.openContents(database, plan: terms.plan)
    walk = try ItemWalk(database, stage: terms.stage, lastItem: lastItem)
    inserts = try RowWriter(
      database, columns: 11,
      prefix: """
        INSERT INTO items
          (id, stage_id, key, content, plan_id, fields, state, shard_id, attempt, reason, detail) VALUES
        """)
  }

  /// The identities that are asked for already, or will be from a request line that is there.
  private static func openContents(_ database: Database, plan: Int64) throws -> IdentitySet {
    var contents = IdentitySet()
    let hasOpen = try Bool.fetchOne(
      database,
      sql: """
        SELECT EXISTS (SELECT 1 FROM shards WHERE state NOT IN ('settled', 'discarded'))
          OR EXISTS (SELECT 1 FROM items WHERE state = 2)
        """)
    guard hasOpen == true else { return contents }
    let cursor = try RowCursor(
      database,
      """
      SELECT content FROM items WHERE state IN (2, 3) AND shard_id IS NOT NULL AND plan_id = ?1
      UNION ALL SELECT content FROM attempts WHERE outcome = 'open' AND plan_id = ?1
      """, plan)
    while try cursor.step() {
      if let content = cursor.hash(0) { _ = contents.insert(content) }
    }
    return contents
  }
}
