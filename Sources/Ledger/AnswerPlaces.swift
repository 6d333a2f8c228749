internal import GRDB
internal import Records

/// Finds where the accepted answers of a stage's items lie.
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
  private let stage: Int64
  private let byIdentity: RawStatement
  private let byAttempt: RawStatement
  /// The last attempt of each item, from `firstItem` on, that an answer names; zero for none. Nil while nothing is noted.
  private var attempts: [UInt32]?
  private var firstItem: Int64 = 0
  private var run = 0
  private var last: Int64 = -1

  /// Prepares to look up.
  ///
  /// - Throws: `DatabaseError`.
  init(_ connection: SQLiteConnection, stage: Int64, notingAfter runLength: Int) throws {
    self.connection = connection
    self.stage = stage
    self.runLength = runLength
    // A ledger that is only looked at may be of an older version.
    let hasTexts = try connection.holds(
      "SELECT EXISTS (SELECT 1 FROM pragma_table_info('attempts') WHERE name = 'text_start')")
    let texts = hasTexts ? "text_start, text_end" : "NULL, NULL"
    let place = "results_id, row_start, row_end, \(texts)"
    byIdentity = try connection.prepare(
      """
      SELECT \(place) FROM attempts
      WHERE id = (SELECT attempt_id FROM answers a WHERE a.plan_id = ? AND a.content = ?)
      """)
    byAttempt = try connection.prepare(
      """
      SELECT \(place), plan_id, content FROM attempts WHERE id = ? AND outcome = 'accepted'
      """)
  }

  /// Where the answer of an item lies that wants this identity; nil when there is none, or its row was pruned.
  ///
  /// - Throws: `DatabaseError`.
  func find(_ item: Int64, _ content: ContentHash, plan: Int64) throws -> AnswerPlace? {
    run = item > last && item - last <= Self.strideLimit ? run + 1 : 0
    last = item
    if run == runLength, attempts == nil { try noteAttempts() }
    if let attempt = attempt(of: item) {
      byAttempt.bind(attempt, at: 1)
      defer { byAttempt.reset() }
      if try byAttempt.step(), byAttempt.integer(5) == plan, byAttempt.hash(6) == content,
        let place = AnswerPlace(byAttempt)
      {
        return place
      }
    }
    byIdentity.bind(plan, at: 1)
    byIdentity.bind(content, at: 2)
    defer { byIdentity.reset() }
    guard try byIdentity.step() else { return nil }
    return AnswerPlace(byIdentity)
  }

  private func attempt(of item: Int64) -> Int64? {
    guard let attempts, item >= firstItem, item - firstItem < attempts.count else { return nil }
    let attempt = attempts[Int(item - firstItem)]
    return attempt == 0 ? nil : Int64(attempt)
  }

  /// Notes each item's attempt. Only those that answers name: of two that brought the same answer, the first counts.
  ///
  /// A stage that has few of the ledger's attempts goes on without.
  private func noteAttempts() throws {
    attempts = []
    let highest = try connection.integer("SELECT max(id) FROM attempts") ?? 0
    let items = "FROM items NOT INDEXED WHERE stage_id = ?"
    guard highest <= UInt32.max,
      let first = try connection.integer("SELECT min(id) \(items)", stage),
      let last = try connection.integer("SELECT max(id) \(items)", stage),
      highest <= 4 * (last - first + 1)
    else { return }
    var isNamed = ItemBits(upTo: highest)
    let answers = try connection.prepare("SELECT attempt_id FROM answers")
    while try answers.step() { _ = isNamed.insert(answers.integer(0)) }
    var noted = [UInt32](repeating: 0, count: Int(last - first) + 1)
    let accepted = try connection.prepare(
      "SELECT id, item_id FROM attempts NOT INDEXED WHERE outcome = 'accepted'")
    while try accepted.step() {
      let (attempt, item) = (accepted.integer(0), accepted.integer(1))
      guard first <= item, item <= last, isNamed.contains(attempt) else { continue }
      noted[Int(item - first)] = UInt32(attempt)
    }
    (attempts, firstItem) = (noted, first)
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
