internal import GRDB
internal import Records

/// What one reading decides about each record. Lives as long as the reading's transaction, and is used only in it.
final class Admission {
  let terms: ReadingSession.Terms
  let connection: SQLiteConnection
  let walk: ItemWalk
  let table: ItemTable
  let asked: AskedIdentities
  /// The items as they were before the reading, when a later record may take back an earlier one's change.
  let originals: OriginalItems?
  /// How far the shards are that were there before the reading and are not over.
  private let openShards: [Int64: ShardState]
  /// Nil unless this reading exports while other exports are out.
  private let exported: ItemBits?
  let firstNewItem: Int64
  private var nextItem: Int64
  private var newKeys = NewKeys()
  var cutter: ShardCutter
  var tally = ReadingTally()
  /// Requests already written to a shard whose record was replaced by a later one of the same key.
  var replaced: [ReplacedRequest] = []
  /// What was found about the record that was decided about last.
  private(set) var finding = AdmissionBatch.Finding.unchanged
  /// The items that keep their answers by policy, when a later record may take that back.
  private(set) var keptItems: ItemBits?
  private let planChanges: PlanChanges
  /// The items whose records `where` leaves out now, in a partial reading.
  private(set) var left: [Int64] = []
  /// Whether an item may be left waiting for an answer that nobody asks for.
  var mayOrphan = false

  /// Learns what the ledger has before the first record.
  ///
  /// - Throws: `DatabaseError`.
  init(_ connection: SQLiteConnection, _ terms: ReadingSession.Terms) throws {
    self.terms = terms
    self.connection = connection
    let lastItem = try connection.integer("SELECT max(id) FROM items") ?? 0
    let lastShard = try connection.integer("SELECT max(id) FROM shards") ?? 0
    firstNewItem = lastItem + 1
    nextItem = lastItem + 1
    cutter = ShardCutter(limits: terms.limits, firstNumber: lastShard + 1)
    openShards = try Self.openShards(connection)
    walk = try ItemWalk(connection, stage: terms.stage, last: lastItem)
    table = try ItemTable(connection, stage: terms.stage, plan: terms.plan)
    asked = try AskedIdentities(connection, plan: terms.plan)
    originals = terms.onDuplicate == .last ? try OriginalItems(connection) : nil
    keptItems = terms.onDuplicate == .last ? ItemBits(upTo: lastItem) : nil
    planChanges = try PlanChanges(connection, plan: terms.plan)
    exported = try Self.exported(connection, terms, upTo: lastItem)
  }

  /// The items with a request in an exported shard's file, when this reading exports, too.
  private static func exported(
    _ connection: SQLiteConnection, _ terms: ReadingSession.Terms, upTo last: Int64
  ) throws -> ItemBits? {
    let shards = "(SELECT id FROM shards WHERE state = 'exported')"
    guard terms.destination == .exported, try connection.holds("SELECT EXISTS \(shards)") else {
      return nil
    }
    var items = ItemBits(upTo: last)
    let rows = try connection.prepare(
      """
      SELECT id FROM items NOT INDEXED WHERE shard_id IN \(shards)
      UNION ALL SELECT item_id FROM attempts NOT INDEXED WHERE shard_id IN \(shards)
      """)
    while try rows.step() { _ = items.insert(rows.integer(0)) }
    return items
  }

  private static func openShards(_ connection: SQLiteConnection) throws -> [Int64: ShardState] {
    let rows = try connection.prepare(
      "SELECT id, state FROM shards WHERE state NOT IN ('settled', 'discarded')")
    var shards: [Int64: ShardState] = [:]
    while try rows.step() {
      shards[rows.integer(0)] = rows.text(1).flatMap(ShardState.init(rawValue:))
    }
    return shards
  }

  /// Decides about one record.
  ///
  /// - Throws: `ReadingError.duplicateKey`, `DatabaseError`.
  func decide(
    _ row: AdmissionBatch.Row, key: UnsafeBufferPointer<UInt8>
  ) throws -> AdmissionBatch.Decision {
    if row.leaves {
      finding = .duplicate
      if case .known(let item) = try walk.find(key), item.state != .removed { left.append(item.id) }
      return .keep
    }
    switch try walk.find(key) {
    case .known(let item): return try decide(row, known: item)
    case .met: return try decideAgain(row, key: key)
    case .unknown: break
    }
    if try isRepeated(key) { return try decideAgain(row, key: key) }
    tally.new += 1
    let item = nextItem
    nextItem += 1
    let want = try want(row, item: item)
    try table.insert(item, key: key, want)
    finding = .new(want.state)
    return want.decision
  }

  private func decideAgain(
    _ row: AdmissionBatch.Row, key: UnsafeBufferPointer<UInt8>
  ) throws -> AdmissionBatch.Decision {
    let decision = try decideDuplicate(row, key: key)
    finding = .duplicate
    return decision
  }

  /// Whether a key that the ledger did not know was met earlier in this reading.
  private func isRepeated(_ key: UnsafeBufferPointer<UInt8>) throws -> Bool {
    let isSuspect = try newKeys.mayHaveMet(key) { each in
      try table.expectAnyKeys()
      try table.forEachKey(from: firstNewItem, each)
    }
    guard isSuspect else { return false }
    try table.makeIndex()
    return try walk.current(key) != nil
  }

  private func decide(
    _ row: AdmissionBatch.Row, known item: KnownItem
  ) throws -> AdmissionBatch.Decision {
    guard item.isWhat(row, wantsUnder: terms.plan) else { return try change(item, to: row) }
    tally.unchanged += 1
    finding = .unchanged
    if item.fields != row.fields { try table.setFields(row.fields, of: item.id) }
    return .keep
  }

  /// Makes an item that was there before the reading want what its record says now.
  func change(
    _ item: KnownItem, to row: AdmissionBatch.Row
  ) throws -> AdmissionBatch.Decision {
    let change = try self.change(of: item, to: row)
    if change.kind == .reasked, item.state == .accepted, try stays(item, change, row) {
      if item.fields != row.fields { try table.setFields(row.fields, of: item.id) }
      return .keep
    }
    try originals?.keep(item.id, change)
    try leave(item)
    let want = try want(row, item: item.id, before: item)
    try table.change(item.id, to: want)
    // What is calculated otherwise is another answer, and nobody is asked again for it.
    let counted = terms.answers == .calculated && change.kind == .reasked ? change.edited : change
    tally.count(counted, leadingTo: want.state, by: 1)
    if change.kind == .reasked, want.state == .packed { tally.tokensAgain += row.inputTokens }
    finding = Self.finding(counted, leadingTo: want.state)
    mayOrphan = true
    return want.decision
  }

  /// Why an item wants something else.
  func change(of item: KnownItem, to row: AdmissionBatch.Row) throws -> ItemChange {
    ItemChange(of: item, to: row, planCauses: try planChanges.causes(since: item.plan))
  }

  private static func finding(
    _ change: ItemChange, leadingTo state: ItemState
  ) -> AdmissionBatch.Finding {
    switch change.kind {
    case .new: .new(state)
    case .edited, .reasked: .changed(change.causes, state)
    case .retried: .retried(state)
    }
  }

  /// Whether an accepted item keeps its answer although another one would be asked for now: by policy, or because that
  /// was not allowed.
  private func stays(
    _ item: KnownItem, _ change: ItemChange, _ row: AdmissionBatch.Row
  ) throws -> Bool {
    if row.rejection == nil {
      if try asked.isAnswered(row.content) { return false }
      if try keeps(item, after: change.causes) {
        tally.kept += 1
        _ = keptItems?.insert(item.id)
        finding = .kept(change.causes)
        return true
      }
    }
    guard terms.reask == .withheld else { return false }
    tally.withheld += 1
    tally.tokensAgain += row.inputTokens
    finding = .withheld(change.causes)
    return true
  }

  private func keeps(_ item: KnownItem, after causes: ChangeCauses) throws -> Bool {
    let open = causes.subtracting(terms.reuse.kept)
    guard open.isSubset(of: terms.reuse.revalidated) else { return false }
    guard !open.isEmpty, let content = item.content else { return open.isEmpty }
    return try asked.isAnswered(content)
  }

  /// What a record gets that was not there before, or that changed: its answer if the ledger has it, a wait if it
  /// is asked for already, else a place in a shard.
  func want(
    _ row: AdmissionBatch.Row, item: Int64, before: KnownItem? = nil
  ) throws -> Want {
    if let rejection = row.rejection {
      tally.rejected += 1
      return Want(rejected: rejection, fields: row.fields)
    }
    func want(_ state: ItemState, shard: Int64? = nil) -> Want {
      Want(row.content, terms.plan, fields: row.fields, state, shard: shard)
    }
    if terms.answers == .calculated { return want(.accepted) }
    if try asked.isAnswered(row.content) {
      tally.reused += 1
      return want(.accepted)
    }
    if let before, let kept = try wantKept(before, row) {
      tally.reused += 1
      return kept
    }
    if before?.state == .unread, before?.content == row.content, terms.onDuplicate == .last {
      // The one it would wait for may be replaced by a later record, again and again.
      asked.askAgain(row.content)
    } else if !asked.ask(row.content) {
      mayOrphan = true
      return want(.twin)
    }
    if before != nil, exported?.contains(item) == true {
      // One key in two files could not be told apart when their results come back.
      return want(.unread)
    }
    tally.toSend += 1
    let shard = cutter.place(
      item: item, byteCount: row.request.count, inputTokens: row.inputTokens)
    return want(.packed, shard: shard)
  }

  /// The answer that a record which comes back had before it went, where the policy lets it count as if the record had
  /// never been gone; nil when it must be asked for.
  private func wantKept(_ item: KnownItem, _ row: AdmissionBatch.Row) throws -> Want? {
    guard item.state == .removed, let content = item.content, row.hasFields(item.fields),
      try keeps(
        item,
        after: ItemChange.textCauses(
          of: item, to: row, planCauses: planChanges.causes(since: item.plan))),
      try asked.isAnswered(content, under: item.plan)
    else { return nil }
    return Want(content, item.plan, fields: row.fields, .accepted)
  }

  /// Keeps what an item was waiting for when that is in flight.
  private func leave(_ item: KnownItem) throws {
    guard item.state == .packed, let shard = item.shard, let state = openShards[shard],
      state != .packed, let content = item.content
    else { return }
    try table.leaveOpen(item.id)
    asked.askAgain(content)
  }
}
