internal import Records

/// Puts the good answers of new attempts into the table `answers`, many at a time and sorted: in the table's order, a
/// round writes each page once, and few rounds go through it.
final class AnswerTable {
  /// How many answers wait for each other, unless a test says otherwise: 32 bytes each.
  static let roundSize = 131_072

  private let roundSize: Int
  private let attempts: RawStatement
  private let inserts: RowWriter<NewAnswer>
  /// The first attempt that was not looked at yet.
  private var firstUnread: Int64
  private var waiting: [NewAnswer] = []

  /// Prepares to write the answers of attempts from `first` on.
  ///
  /// - Throws: `DatabaseError`.
  init(_ connection: SQLiteConnection, from first: Int64, roundSize: Int) throws {
    self.roundSize = roundSize
    firstUnread = first
    attempts = try connection.prepare(
      """
      SELECT id, shard_id, outcome = 'accepted', plan_id, content,
        input_tokens + cache_write_tokens + cache_read_tokens, output_tokens, cost_nano
      FROM attempts WHERE id >= ?
      """)
    inserts = try RowWriter(
      connection, prefix: "INSERT OR IGNORE INTO answers (plan_id, content, attempt_id) VALUES ",
      list: "(?,?,?)")
  }

  /// Takes in the attempts that were added since the last call, while their pages are in memory, and adds them up.
  ///
  /// - Parameter outcomes: What the rows brought, by shard.
  /// - Throws: `DatabaseError`.
  func takeNew(addingTo outcomes: inout [Int64: ShardOutcome]) throws {
    attempts.bind(firstUnread, at: 1)
    defer { attempts.reset() }
    while try attempts.step() {
      let attempt = attempts.integer(0)
      firstUnread = attempt + 1
      outcomes[attempts.integer(1), default: ShardOutcome()].add(
        isAccepted: attempts.integer(2), input: attempts.integer(5), output: attempts.integer(6),
        cost: attempts.integer(7))
      guard attempts.integer(2) == 1, let content = attempts.hash(4) else { continue }
      waiting.append(NewAnswer(plan: attempts.integer(3), content: content, attempt: attempt))
    }
    if waiting.count >= roundSize { try flush() }
  }

  /// Writes the answers that wait. The first answer of an identity stays.
  ///
  /// - Throws: `DatabaseError`.
  func flush() throws {
    waiting.sort()
    for answer in waiting { try inserts.append(answer) }
    try inserts.flush()
    waiting.removeAll(keepingCapacity: true)
  }
}

/// A good answer, as a row of the table `answers`.
private struct NewAnswer: WritableRow, Comparable {
  static let valueCount = 3

  let plan: Int64
  let content: ContentHash
  let attempt: Int64

  func bind(to binder: inout RowBinder) {
    binder.bind(plan)
    binder.bind(content)
    binder.bind(attempt)
  }

  /// The order of the table; of one identity, the order in which the answers came.
  static func < (left: NewAnswer, right: NewAnswer) -> Bool {
    if left.content.high != right.content.high, left.plan == right.plan {
      return left.content.high < right.content.high
    }
    return (left.plan, left.content, left.attempt) < (right.plan, right.content, right.attempt)
  }
}

extension ShardOutcome {
  /// Adds a row that somebody wants; `isAccepted` is 1 or 0.
  fileprivate mutating func add(isAccepted: Int64, input: Int64, output: Int64, cost: Int64) {
    accepted += Int(isAccepted)
    failed += Int(1 - isAccepted)
    inputTokens += Int(input)
    outputTokens += Int(output)
    costNano += cost
  }
}
