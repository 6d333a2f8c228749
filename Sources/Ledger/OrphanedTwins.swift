internal import GRDB

/// Items that wait for an answer which nobody asks for any more: the item that was sent was edited, removed or put
/// back, or its request failed after it wanted something else.
enum OrphanedTwins {
  /// Makes the first of each identity unread, so that the next reading of its stage sends it; the others go on
  /// waiting, for that one.
  ///
  /// - Throws: `DatabaseError`.
  static func wake(_ connection: SQLiteConnection) throws {
    guard try connection.holds("SELECT EXISTS (SELECT 1 FROM items WHERE state = 6)") else {
      return
    }
    let woken = try connection.run(
      """
      UPDATE items SET state = 8 WHERE id IN (
        SELECT min(t.id) FROM items t WHERE t.state = 6 AND (t.content, t.plan_id) NOT IN (
          SELECT l.content, l.plan_id FROM items l NOT INDEXED WHERE l.state IN (2, 3, 8) AND EXISTS (
            SELECT 1 FROM items w WHERE w.state = 6 AND w.content = l.content AND w.plan_id = l.plan_id)
          UNION ALL SELECT content, plan_id FROM attempts WHERE outcome = 'open')
        GROUP BY t.content, t.plan_id)
      """)
    if woken > 0 { try forgetStamps(connection) }
  }

  /// Has the stages of unread items read again.
  ///
  /// - Throws: `DatabaseError`.
  static func forgetStamps(_ connection: SQLiteConnection) throws {
    try connection.run(
      """
      UPDATE stages SET reading_stamp = NULL WHERE id IN (
        SELECT DISTINCT stage_id FROM items WHERE state = 8)
      """)
  }
}
