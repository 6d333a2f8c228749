internal import GRDB
internal import Records

/// Which identities of one plan are answered, or asked for already, while a reading goes on.
final class AskedIdentities {
  private let plan: Int64
  private let hasAnswers: Bool
  private let answer: RawStatement
  private let filter = GrowingFilter()
  /// The identities of unread items, and whether one of this reading's records was sent for each: their number is
  /// small, and they are told apart exactly, so that what the filter mistook is sent by the next reading.
  private var unread: [ContentHash: Bool] = [:]

  /// Learns what is asked for before a reading.
  ///
  /// - Throws: `DatabaseError`.
  init(_ connection: SQLiteConnection, plan: Int64) throws {
    self.plan = plan
    hasAnswers = try connection.holds(
      "SELECT EXISTS (SELECT 1 FROM answers WHERE plan_id = ?)", plan)
    answer = try connection.prepare("SELECT 1 FROM answers WHERE plan_id = ?1 AND content = ?2")
    try learnOpen(connection)
  }

  private func learnOpen(_ connection: SQLiteConnection) throws {
    let hasOpen = try connection.holds(
      """
      SELECT EXISTS (SELECT 1 FROM shards WHERE state NOT IN ('settled', 'discarded'))
        OR EXISTS (SELECT 1 FROM items WHERE state = 2) OR EXISTS (SELECT 1 FROM items WHERE state = 8)
      """)
    guard hasOpen else { return }
    let lost = try connection.prepare(
      "SELECT content FROM items WHERE state = 8 AND content IS NOT NULL AND plan_id = ?", plan)
    while try lost.step() {
      if let content = lost.hash(0) { unread[content] = false }
    }
    let open = try connection.prepare(
      """
      SELECT content FROM items NOT INDEXED WHERE state IN (2, 3) AND plan_id = ?1
      UNION ALL SELECT content FROM attempts WHERE outcome = 'open' AND plan_id = ?1
      """, plan)
    while try open.step() {
      guard let content = open.hash(0) else { continue }
      _ = filter.insert(content)
      if !unread.isEmpty { unread[content] = nil }
    }
  }

  /// Whether the ledger has an answer.
  ///
  /// - Throws: `DatabaseError`.
  func isAnswered(_ content: ContentHash) throws -> Bool {
    try hasAnswers && isAnswered(content, under: plan)
  }

  /// Whether the ledger has an answer that was asked for under some plan.
  ///
  /// - Throws: `DatabaseError`.
  func isAnswered(_ content: ContentHash, under plan: Int64) throws -> Bool {
    answer.bind(plan, at: 1)
    answer.bind(content, at: 2)
    defer { answer.reset() }
    return try answer.step()
  }

  /// Asks for an answer; false when it is asked for already.
  func ask(_ content: ContentHash) -> Bool {
    guard !unread.isEmpty, let isSent = unread[content] else { return filter.insert(content) }
    unread[content] = true
    return !isSent
  }

  /// Asks for an answer whatever else is asked for.
  func askAgain(_ content: ContentHash) {
    if unread[content] != nil { unread[content] = true }
    _ = filter.insert(content)
  }
}
