internal import GRDB

/// Rejects the items that waited for the answer of a request that will never have one.
struct TwinRejection {
  private let stages: RawStatement
  private let items: RawStatement

  private static let isTwin =
    "state = 6 AND (content, plan_id) = (SELECT content, plan_id FROM attempts WHERE id = ?1)"

  init(_ connection: SQLiteConnection) throws {
    stages = try connection.prepare(
      """
      UPDATE stages SET version = version + 1
      WHERE id IN (SELECT stage_id FROM items WHERE \(Self.isTwin))
      """)
    items = try connection.prepare(
      """
      UPDATE items SET (state, reason, detail) = (SELECT 5, outcome, detail FROM attempts WHERE id = ?1)
      WHERE \(Self.isTwin)
      """)
  }

  /// Rejects them for the reason that the request's attempt ended with.
  ///
  /// - Throws: `DatabaseError`.
  func reject(asAttempt attempt: Int64) throws {
    stages.bind(attempt, at: 1)
    try stages.run()
    items.bind(attempt, at: 1)
    try items.run()
  }
}
