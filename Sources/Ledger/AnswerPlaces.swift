internal import GRDB
internal import Records

/// Finds where the accepted answers of items lie.
///
/// They are looked up by their identity, in a table that random numbers order. When many items are asked after in their
/// order, it is noted which attempt each item had (four bytes an item): that is most often the one that brought its
/// answer, and near those of its neighbours, so that finding it takes a third of the time.
final class AnswerPlaces {
  /// So many items one after the other are asked after before attempts are noted, unless a test says otherwise.
  static let runLength = 1024
  /// Items that are passed over on the way, since they have no answer.
  private static let strideLimit: Int64 = 64

  private let runLength: Int
  private let connection: SQLiteConnection
  private let byIdentity: RawStatement
  private let byAttempt: RawStatement
  /// The last accepted attempt of each item, from 0 on; zero for none. Nil while nothing is noted.
  private var attempts: [UInt32]?
  private var run = 0
  private var last: Int64 = -1

  /// Prepares to look up.
  ///
  /// - Throws: `DatabaseError`.
  init(_ connection: SQLiteConnection, notingAfter runLength: Int) throws {
    self.connection = connection
    self.runLength = runLength
    byIdentity = try connection.prepare(
      """
      SELECT t.results_id, t.row_start, t.row_end, t.text_start, t.text_end FROM answers a
      JOIN attempts t ON t.id = a.attempt_id WHERE a.plan_id = ? AND a.content = ?
      """)
    byAttempt = try connection.prepare(
      """
      SELECT results_id, row_start, row_end, text_start, text_end, plan_id, content FROM attempts
      WHERE id = ? AND outcome = 'accepted'
      """)
  }

  /// Where the answer of an item lies that wants this identity; nil when there is none, or its row was pruned.
  ///
  /// - Throws: `DatabaseError`.
  func find(_ item: Int64, _ content: ContentHash, plan: Int64) throws -> AnswerPlace? {
    run = item > last && item - last <= Self.strideLimit ? run + 1 : 0
    last = item
    if run == runLength, attempts == nil { try noteAttempts() }
    if let attempts, item < attempts.count, attempts[Int(item)] > 0 {
      byAttempt.bind(Int64(attempts[Int(item)]), at: 1)
      defer { byAttempt.reset() }
      if try byAttempt.step(), byAttempt.integer(5) == plan, byAttempt.hash(6) == content {
        return AnswerPlace(byAttempt)
      }
    }
    byIdentity.bind(plan, at: 1)
    byIdentity.bind(content, at: 2)
    defer { byIdentity.reset() }
    guard try byIdentity.step() else { return nil }
    return AnswerPlace(byIdentity)
  }

  /// Notes each item's accepted attempt, if every accepted attempt is the answer of its identity: of two that brought the
  /// same one, the first is. Every answer is such an attempt, so there must be as many of the one as of the other.
  private func noteAttempts() throws {
    attempts = []
    let isOneToOne = try connection.holds(
      """
      SELECT (SELECT count(*) FROM attempts)
        - (SELECT count(*) FROM attempts WHERE outcome <> 'accepted')
        = (SELECT count(*) FROM answers)
      """)
    let highest = try connection.integer("SELECT max(id) FROM attempts") ?? 0
    guard isOneToOne, highest <= UInt32.max,
      let lastItem = try connection.integer("SELECT max(id) FROM items")
    else { return }
    var noted = [UInt32](repeating: 0, count: Int(lastItem) + 1)
    let accepted = try connection.prepare(
      "SELECT id, item_id FROM attempts NOT INDEXED WHERE outcome = 'accepted'")
    while try accepted.step() {
      let item = Int(accepted.integer(1))
      if item < noted.count { noted[item] = UInt32(accepted.integer(0)) }
    }
    attempts = noted
  }
}

extension AnswerPlace {
  /// Reads a row that begins with a results file, the row's start and end, and the text's; nil when the attempt has none.
  fileprivate init?(_ row: RawStatement) {
    guard let results = row.optionalInteger(0), let start = row.optionalInteger(1) else {
      return nil
    }
    let text = row.optionalInteger(3).map { Int(start + $0)..<Int(start + row.integer(4)) }
    self.init(results: results, row: Int(start)..<Int(row.integer(2)), text: text)
  }
}
