internal import Foundation
internal import GRDB
internal import GRDBSQLite
internal import Records

/// What an item wants now, and how far that is.
struct Want {
  let state: ItemState
  let shard: Int64?
}

extension ReadingSession {
  /// Decides about one record.
  func decide(
    _ row: AdmissionBatch.Row, key: UnsafeBufferPointer<UInt8>, in database: Database
  ) throws -> AdmissionBatch.Decision {
    switch try walk.find(key) {
    case .known(let item): return try decide(row, known: item, key: key, in: database)
    case .met(let item): return try decide(row, duplicateOf: item, key: key, in: database)
    case .unknown: break
    }
    if !seenKeys.insert(ContentHash(of: key)) {
      try inserts.flush()
      if case .met(let item) = try walk.lookUp(key) {
        return try decide(row, duplicateOf: item, key: key, in: database)
      }
    }
    tally.new += 1
    return try insert(row, key: key, in: database)
  }

  private func insert(
    _ row: AdmissionBatch.Row, key: UnsafeBufferPointer<UInt8>, in database: Database
  ) throws -> AdmissionBatch.Decision {
    let item = nextItem
    nextItem += 1
    let want = try want(row, item: item, in: database)
    let isRejected = row.rejection != nil
    try inserts.append(
      .integer(item), .integer(terms.stage), blob(key),
      isRejected ? .null : .hash(row.content), isRejected ? .null : .integer(terms.plan),
      .integer(Int64(bitPattern: row.fields)), .integer(want.state.rawValue),
      want.shard.map(RowValue.integer) ?? .null, .integer(1),
      row.rejection.map { .text($0.reason) } ?? .null,
      row.rejection.map { .text($0.detail) } ?? .null)
    return want.shard.map { .send(shard: $0) } ?? .keep
  }

  private func blob(_ bytes: UnsafeBufferPointer<UInt8>) -> RowValue {
    bytes.baseAddress.map { .blob(UnsafeRawPointer($0), bytes.count) } ?? .null
  }

  /// What a record that was not there before, or that changed, gets: its answer if the ledger has it, a wait if it
  /// is asked for already, else a place in a shard.
  private func want(
    _ row: AdmissionBatch.Row, item: Int64, in database: Database
  ) throws -> Want {
    if row.rejection != nil {
      tally.rejected += 1
      return Want(state: .rejected, shard: nil)
    }
    if hasAnswers, try hasAnswer(row.content, in: database) {
      tally.reused += 1
      return Want(state: .accepted, shard: nil)
    }
    if !seenContents.insert(row.content) { return Want(state: .twin, shard: nil) }
    tally.toSend += 1
    let shard = cutter.place(
      item: item, byteCount: row.request.count, inputTokens: row.inputTokens)
    return Want(state: .packed, shard: shard)
  }

  private func hasAnswer(_ content: ContentHash, in database: Database) throws -> Bool {
    try Bool.fetchOne(
      database.cachedStatement(
        sql: "SELECT EXISTS (SELECT 1 FROM answers WHERE content = ? AND plan_id = ?)"),
      arguments: [content.data, terms.plan]) ?? false
  }

  private func decide(
    _ row: AdmissionBatch.Row, known item: KnownItem, key: UnsafeBufferPointer<UInt8>,
    in database: Database
  ) throws -> AdmissionBatch.Decision {
    let isSame =
      row.rejection == nil
      ? item.content == row.content && item.plan == terms.plan && !item.wantsRequest
      : item.state == .rejected && item.reason == row.rejection?.reason
    if isSame {
      tally.unchanged += 1
      if item.fields != row.fields { try updateFields(of: item, row, in: database) }
      return .keep
    }
    return try change(item, to: row, in: database)
  }

  private func updateFields(
    of item: KnownItem, _ row: AdmissionBatch.Row, in database: Database
  ) throws {
    try database.cachedStatement(sql: "UPDATE items SET fields = ? WHERE id = ?")
      .execute(arguments: [Int64(bitPattern: row.fields), item.id])
  }

  private func change(
    _ item: KnownItem, to row: AdmissionBatch.Row, in database: Database
  ) throws -> AdmissionBatch.Decision {
    let isReask = item.state == .accepted && item.fields == row.fields && row.rejection == nil
    if isReask, terms.reask == .withheld {
      tally.withheld += 1
      return .keep
    }
    if item.state == .removed {
      tally.new += 1
    } else if item.fields == row.fields {
      tally.reasked += 1
    } else {
      tally.edited += 1
    }
    if let shard = item.shard { try leave(shard, item, in: database) }
    let want = try want(row, item: item.id, in: database)
    try database.cachedStatement(
      sql: """
        UPDATE items SET content = ?, plan_id = ?, fields = ?, state = ?, shard_id = ?, attempt = 1,
          reason = ?, detail = ? WHERE id = ?
        """
    ).execute(arguments: [
      row.rejection == nil ? row.content.data : nil, row.rejection == nil ? terms.plan : nil,
      Int64(bitPattern: row.fields), want.state.rawValue, want.shard, row.rejection?.reason,
      row.rejection?.detail, item.id,
    ])
    return want.shard.map { .send(shard: $0) } ?? .keep
  }

  /// Keeps what an item was waiting for when that is in flight: its answer will be stored under its identity.
  private func leave(_ shard: Int64, _ item: KnownItem, in database: Database) throws {
    try database.cachedStatement(
      sql: """
        INSERT INTO attempts (shard_id, item_id, content, plan_id, number, outcome)
        SELECT i.shard_id, i.id, i.content, i.plan_id, i.attempt, 'open'
        FROM items i JOIN shards s ON s.id = i.shard_id
        WHERE i.id = ? AND i.state IN (3, 7) AND i.content IS NOT NULL
          AND s.state NOT IN ('packed', 'settled', 'discarded')
          AND NOT EXISTS (SELECT 1 FROM attempts t WHERE t.shard_id = s.id AND t.item_id = i.id)
        """
    ).execute(arguments: [item.id])
    if database.changesCount > 0, let content = item.content { _ = seenContents.insert(content) }
  }

  private func decide(
    _ row: AdmissionBatch.Row, duplicateOf item: KnownItem, key: UnsafeBufferPointer<UInt8>,
    in database: Database
  ) throws -> AdmissionBatch.Decision {
    switch terms.onDuplicate {
    case .error: throw ReadingError.duplicateKey(key: Array(key), line: row.line)
    case .first:
      tally.duplicate += 1
      return .duplicate
    case .last:
      tally.duplicate += 1
      try inserts.flush()
      guard case .met(let current) = try walk.lookUp(key) else { return .keep }
      if current.content == row.content, row.rejection == nil { return .keep }
      if let shard = current.shard, shard >= cutter.firstNumber {
        replaced.append(ReplacedRequest(shard: shard, key: Array(key)))
      }
      return try change(current, to: row, in: database)
    }
  }
}

extension ContentHash {
  /// The sixteen bytes as SQLite takes them.
  var data: Data { Data(bytes) }
}
