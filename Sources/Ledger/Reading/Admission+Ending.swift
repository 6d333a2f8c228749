internal import Records

extension Admission {
  /// What a complete reading makes of its stage.
  struct Wish {
    let stamp: String
    let template: ContentHash
    let reads: String?
    let judging: String?
    let watermark: String?
    let estimate: ReadingEstimate
  }

  /// Writes what a complete reading leads to, as the last part of its transaction.
  ///
  /// - Throws: `DatabaseError`.
  func finish(
    _ written: [ReadingSession.WrittenShard], as state: ShardState,
    counts: ReadingSession.Counts, _ wish: Wish
  ) throws -> ReadingTally {
    try table.makeIndex()
    try markRemoved()
    for shard in written where shard.requestCount > 0 { try insert(shard, state) }
    try describeStage(counts, wish)
    try note(wish.estimate)
    if mayOrphan { try OrphanedTwins.wake(connection) }
    tally.unread = try Int(
      connection.integer(
        "SELECT count(*) FROM items WHERE state = 8 AND stage_id = ?", terms.stage) ?? 0)
    if tally.unread > 0 {
      try connection.run("UPDATE stages SET reading_stamp = NULL WHERE id = ?", terms.stage)
    }
    tally.stage = try countsOfStage(counts)
    return tally
  }

  /// The stage's counts, where they are known without looking at every item, of which there must be as many.
  private func countsOfStage(_ counts: ReadingSession.Counts) throws -> StageCounts? {
    guard let states = table.stateCounts, tally.removed == 0, terms.extent == .whole,
      try connection.integer("SELECT count(*) FROM items") == Int64(states.reduce(0, +))
    else { return nil }
    var stage = StageCounts()
    stage.read = counts.read
    stage.filtered = counts.filtered
    stage.skipped = counts.skipped
    stage.duplicate = tally.duplicate
    stage.accepted = states[ItemState.accepted.number]
    stage.rejected = states[ItemState.rejected.number]
    stage.pending = states.reduce(0, +) - stage.accepted - stage.rejected
    return stage
  }

  private func markRemoved() throws {
    try connection.run("CREATE TEMP TABLE IF NOT EXISTS gone (id INTEGER PRIMARY KEY)")
    try connection.run("DELETE FROM temp.gone")
    let gone = try RowWriter<GoneItem>(
      connection, prefix: "INSERT INTO temp.gone VALUES ", list: "(?)")
    switch terms.extent {
    case .whole: try walk.forEachUnmet { try gone.append(GoneItem(id: $0)) }
    case .partial: for item in left { try gone.append(GoneItem(id: item)) }
    }
    try gone.flush()
    // In this order: nearly always nothing is gone, and the items are many.
    try connection.run(
      """
      INSERT INTO attempts (shard_id, item_id, content, plan_id, number, outcome)
      SELECT i.shard_id, i.id, i.content, i.plan_id, i.attempt, 'open' FROM temp.gone g
      CROSS JOIN items i ON i.id = g.id CROSS JOIN shards s ON s.id = i.shard_id
      WHERE i.state = 3 AND s.state <> 'packed'
      """)
    tally.removed += try connection.run(
      """
      UPDATE items SET state = 7, shard_id = NULL, reason = NULL, detail = NULL
      WHERE id IN (SELECT id FROM temp.gone)
      """)
    if tally.removed > 0 { mayOrphan = true }
  }

  private func insert(
    _ shard: ReadingSession.WrittenShard, _ state: ShardState
  ) throws {
    let row = try connection.prepare(
      """
      INSERT INTO shards (id, stage_id, plan_id, provider, state, file, wave, request_count, byte_count,
        input_tokens, first_item, last_item) VALUES (?, ?, ?, ?, ?, ?, 1, ?, ?, ?, ?, ?)
      """, shard.draft.number, terms.stage, terms.plan)
    row.bind(terms.provider, at: 4)
    row.bind(state.rawValue, at: 5)
    row.bind(shard.file, at: 6)
    row.bind(Int64(shard.requestCount), at: 7)
    row.bind(Int64(shard.byteCount), at: 8)
    row.bind(Int64(shard.draft.inputTokens), at: 9)
    row.bind(shard.draft.firstItem, at: 10)
    row.bind(shard.draft.lastItem, at: 11)
    try row.run()
  }

  /// The records of the stage: after a partial reading, also those that were not read and are as they were.
  private func readCount(_ counts: ReadingSession.Counts) throws -> Int64 {
    guard terms.extent == .partial else { return Int64(counts.read) }
    let items =
      try connection.integer(
        "SELECT count(*) FROM items NOT INDEXED WHERE stage_id = ? AND state <> 7", terms.stage)
      ?? 0
    return items + Int64(counts.filtered + counts.skipped + tally.duplicate)
  }

  private func describeStage(
    _ counts: ReadingSession.Counts, _ wish: Wish
  ) throws {
    let changes =
      tally.new + tally.edited + tally.reasked + tally.retried + tally.reused + tally.removed
    let stage = try connection.prepare(
      """
      UPDATE stages SET reading_stamp = ?1, template_hash = iif(?10, template_hash, ?2),
        plan_id = iif(?10, plan_id, ?3), read_count = ?4, filtered_count = ?5,
        skipped_count = ?6, duplicate_count = ?7, version = version + ?8, reads = coalesce(?11, reads),
        judging = coalesce(?12, judging), left_out = ?14,
        watermark = CASE WHEN ?13 IS NULL OR ?10 OR EXISTS (
          SELECT 1 FROM items WHERE stage_id = ?9 AND state = 8) THEN watermark ELSE ?13 END
      WHERE id = ?9
      """)
    stage.bind(tally.withheld == 0 ? wish.stamp : nil, at: 1)
    stage.bind(wish.template, at: 2)
    stage.bind(terms.plan, at: 3)
    stage.bind(try readCount(counts), at: 4)
    stage.bind(Int64(counts.filtered), at: 5)
    stage.bind(Int64(counts.skipped), at: 6)
    stage.bind(Int64(tally.duplicate), at: 7)
    stage.bind(Int64(changes > 0 ? 1 : 0), at: 8)
    stage.bind(terms.stage, at: 9)
    // What was withheld is asked for again at the next reading: that must see the change once more.
    stage.bind(Int64(tally.withheld > 0 ? 1 : 0), at: 10)
    stage.bind(wish.reads, at: 11)
    stage.bind(wish.judging, at: 12)
    stage.bind(wish.watermark, at: 13)
    stage.bind(counts.leftOut?.stored, at: 14)
    try stage.run()
  }
}

/// An item whose record is gone, as a row of a temporary table.
private struct GoneItem: WritableRow {
  static let valueCount = 1

  let id: Int64

  func bind(to binder: inout RowBinder) { binder.bind(id) }
}
