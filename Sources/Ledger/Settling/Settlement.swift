internal import GRDB
internal import Records

/// What one results file leads to. Lives as long as the settling's transaction, and is used only in it.
final class Settlement {
  /// How many items a run has on the average, at least, for which it is moved at once.
  private static let shortestRun = 16

  let connection: SQLiteConnection
  private(set) var file: String
  /// The results file's number.
  let results: Int64
  /// The first attempt of this session.
  let firstAttempt: Int64
  var strayCount = 0
  /// The accepted items that are moved at the end, in the table's order, because their rows came in another one.
  private(set) var accepted: ItemBits
  private let accept: RawStatement
  private let answers: AnswerTable
  /// Where the rows that are being applied belong in the table, and where they are among them.
  private var places: [(order: Int64, position: Int)] = []
  /// What the rows brought, by shard.
  private(set) var outcomes: [Int64: ShardOutcome] = [:]
  /// Requests that will never get an answer: those that wait for the same one share their lot.
  private(set) var rejected: [ShardRoster.Place] = []
  private let attempts: RowWriter<NewAttempt>
  private let close: RawStatement
  private let retry: RawStatement
  private let reject: RawStatement

  /// Prepares to apply a file.
  ///
  /// - Throws: `DatabaseError`.
  init(_ connection: SQLiteConnection, file: String, now: Int64, answerRound: Int) throws {
    self.connection = connection
    self.file = file
    results = try Self.number(of: file, now: now, connection)
    firstAttempt = (try connection.integer("SELECT max(id) FROM attempts") ?? 0) + 1
    answers = try AnswerTable(connection, from: firstAttempt, roundSize: answerRound)
    accepted = ItemBits(upTo: try connection.integer("SELECT max(id) FROM items") ?? 0)
    attempts = try RowWriter(
      connection,
      prefix: """
        INSERT OR ROLLBACK INTO attempts (shard_id, item_id, content, plan_id, number, outcome, results_id, row_start,
          row_end, input_tokens, output_tokens, cache_write_tokens, cache_read_tokens, cost_nano, detail,
          text_start, text_end)
        SELECT i.shard_id, i.id, i.content, i.plan_id, i.attempt, v.column2, \(results), v.column3,
          v.column4, v.column5, v.column6, v.column7, v.column8, v.column9, v.column10, v.column11, v.column12
        FROM (VALUES
        """,
      list: "(?,?,?,?,?,?,?,?,?,?,?,?)",
      suffix: ") AS v CROSS JOIN items i ON i.id = v.column1 WHERE i.state = 3")
    accept = try connection.prepare(
      "UPDATE OR ROLLBACK items SET state = 4 WHERE state = 3 AND id BETWEEN ? AND ?")
    close = try connection.prepare(
      """
      UPDATE attempts SET outcome = ?2, results_id = \(results), row_start = ?3, row_end = ?4,
        input_tokens = ?5, output_tokens = ?6, cache_write_tokens = ?7, cache_read_tokens = ?8,
        cost_nano = ?9, detail = ?10 WHERE id = ?1 AND outcome = 'open' RETURNING shard_id
      """)
    retry = try connection.prepare(
      """
      UPDATE items SET state = 2, attempt = attempt + 1 WHERE id = ?1 AND state = 3 AND ?2 > (
        SELECT count(*) FROM attempts WHERE item_id = ?1 AND outcome = ?3 AND outcome <> 'accepted'
          AND id >= (
            SELECT max(id) FROM attempts WHERE item_id = ?1 AND number = 1 AND outcome <> 'accepted'))
      """)
    reject = try connection.prepare(
      "UPDATE items SET state = 5, reason = ?, detail = ? WHERE id = ? AND state = 3")
  }

  /// The number of a results file; one that was applied before keeps its number.
  static func number(
    of file: String, now: Int64, _ connection: SQLiteConnection
  ) throws -> Int64 {
    let insert = try connection.prepare(
      """
      INSERT INTO results (file, stored_at, last_shard) VALUES (?, ?, (SELECT max(id) FROM shards))
      ON CONFLICT (file) DO NOTHING
      """)
    insert.bind(file, at: 1)
    insert.bind(now, at: 2)
    try insert.run()
    let number = try connection.prepare("SELECT id FROM results WHERE file = ?")
    number.bind(file, at: 1)
    guard try number.step() else { preconditionFailure("a row that was stored is there") }
    return number.integer(0)
  }

  /// Gives the results file another name.
  ///
  /// - Returns: Whether it is the only one of that name.
  /// - Throws: `DatabaseError`.
  func name(_ file: String) throws -> Bool {
    let update = try connection.prepare("UPDATE OR IGNORE results SET file = ? WHERE id = ?")
    update.bind(file, at: 1)
    update.bind(results, at: 2)
    self.file = file
    return try update.run() > 0
  }

  /// Applies judged rows.
  ///
  /// - Throws: `DatabaseError`.
  func apply(_ rows: [SettledRow]) throws {
    // In the table's order, neighbours lie on one page.
    sortPlaces(of: rows)
    var runs: [ClosedRange<Int64>] = []
    for (_, position) in places {
      let row = rows[position]
      switch row.place {
      case .item(let item):
        if row.outcome == .accepted { runs.append(next: item) }
        try attempts.append(NewAttempt(item: item, row: row))
      case .attempt(let attempt): try close(attempt, row)
      }
    }
    try attempts.flush()
    try accept(runs, of: rows.count)
    for row in rows where row.verdict != .accept { try fail(row) }
    try answers.takeNew(addingTo: &outcomes)
  }

  /// Moves the accepted items where they are neighbours, whose pages are in memory now; else notes them.
  private func accept(_ runs: [ClosedRange<Int64>], of count: Int) throws {
    if runs.count * Self.shortestRun <= count {
      for run in runs { try accept(run) }
    } else {
      for run in runs { for item in run { _ = accepted.insert(item) } }
    }
  }

  /// Moves accepted items that wait, between two of them.
  private func accept(_ items: ClosedRange<Int64>) throws {
    accept.bind(items.lowerBound, at: 1)
    accept.bind(items.upperBound, at: 2)
    try accept.run()
  }

  /// Moves the accepted items that were noted, and puts the answers into their table.
  ///
  /// - Throws: `DatabaseError`.
  func acceptRest() throws {
    try answers.flush()
    try accepted.forEachRun(accept)
  }

  private func sortPlaces(of rows: [SettledRow]) {
    places.removeAll(keepingCapacity: true)
    places.reserveCapacity(rows.count)
    for position in rows.indices { places.append((rows[position].place.order, position)) }
    places.sort { $0.order < $1.order }
  }

  /// Ends the attempt of an item that wants something else by now.
  private func close(_ attempt: Int64, _ row: SettledRow) throws {
    close.bind(attempt, at: 1)
    close.bind(row.outcome.rawValue, at: 2)
    close.bind(row.row.map { Int64($0.lowerBound) }, at: 3)
    close.bind(row.row.map { Int64($0.upperBound) }, at: 4)
    close.bind(Int64(row.inputTokens), at: 5)
    close.bind(Int64(row.outputTokens), at: 6)
    close.bind(Int64(row.cacheWriteTokens), at: 7)
    close.bind(Int64(row.cacheReadTokens), at: 8)
    close.bind(row.costNano, at: 9)
    close.bind(row.detail, at: 10)
    defer { close.reset() }
    guard try close.step() else { return }
    let shard = close.integer(0)
    outcomes[shard, default: ShardOutcome()].add(superseded: row)
    guard row.outcome == .accepted else { return }
    try connection.run(
      "INSERT OR IGNORE INTO answers SELECT plan_id, content, id FROM attempts WHERE id = ?",
      attempt)
  }

  /// Moves the item of a row without a good answer.
  private func fail(_ row: SettledRow) throws {
    guard case .item(let item) = row.place else {
      if row.verdict == .reject { rejected.append(row.place) }
      return
    }
    if case .retry(let attempts) = row.verdict {
      retry.bind(item, at: 1)
      retry.bind(Int64(attempts), at: 2)
      retry.bind(row.outcome.rawValue, at: 3)
      if try retry.run() > 0 { return }
    }
    reject.bind(row.outcome.rawValue, at: 1)
    reject.bind(row.detail, at: 2)
    reject.bind(item, at: 3)
    if try reject.run() > 0 { rejected.append(row.place) }
  }
}

extension ShardOutcome {
  /// Adds a row that nobody wants any more.
  fileprivate mutating func add(superseded row: SettledRow) {
    superseded += 1
    inputTokens += row.inputTokens + row.cacheWriteTokens + row.cacheReadTokens
    outputTokens += row.outputTokens
    costNano += row.costNano
  }
}

extension ShardRoster.Place {
  /// The order in which rows are applied: that of the table.
  fileprivate var order: Int64 {
    switch self {
    case .item(let id): id
    case .attempt(let id): -id
    }
  }
}

extension [ClosedRange<Int64>] {
  /// Adds a number above all others.
  fileprivate mutating func append(next number: Int64) {
    if let last, last.upperBound + 1 == number {
      self[count - 1] = last.lowerBound...number
    } else {
      append(number...number)
    }
  }
}
