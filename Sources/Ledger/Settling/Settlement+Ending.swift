internal import GRDB

extension Settlement {
  /// Writes what the applied rows lead to together, as the last part of their transaction.
  ///
  /// - Throws: `DatabaseError`.
  func finish(
    _ shards: [ShardRecord], partial: SettlingSession.IsPartial, now: Int64
  ) throws {
    try acceptRest()
    try tellOutcomes()
    for shard in shards { try end(shard, partial, now) }
    if let first = shards.first {
      try connection.run(
        "UPDATE shards SET stray_count = stray_count + ? WHERE id = ?", Int64(strayCount), first.id)
    }
    if try connection.holds("SELECT EXISTS (SELECT 1 FROM items WHERE state = 6)") {
      try acceptTwins(partial)
      try rejectTwins()
      if partial != .growing { try OrphanedTwins.wake(connection) }
    }
    try tellChanges()
  }

  /// Tells stages whose requests were answered, or failed, that they changed.
  private func tellChanges() throws {
    var stages: Set<Int64> = []
    for (shard, outcome) in outcomes where outcome.accepted + outcome.failed > 0 {
      let stage = try connection.integer("SELECT stage_id FROM shards WHERE id = ?", shard)
      if let stage { stages.insert(stage) }
    }
    for stage in stages {
      try connection.run("UPDATE stages SET version = version + 1 WHERE id = ?", stage)
    }
  }

  /// Gives the new answers to the items that waited for the same ones. Where they come few at a time, not all who wait are
  /// gone through.
  private func acceptTwins(_ partial: SettlingSession.IsPartial) throws {
    let isAnswered =
      partial == .growing
      ? """
      (content, plan_id) IN (
        SELECT content, plan_id FROM attempts WHERE id >= \(firstAttempt) AND outcome = 'accepted')
      """
      : "EXISTS (SELECT 1 FROM answers a WHERE a.content = items.content AND a.plan_id = items.plan_id)"
    try connection.run(
      """
      UPDATE stages SET version = version + 1 WHERE id IN (
        SELECT stage_id FROM items WHERE state = 6 AND \(isAnswered))
      """)
    try connection.run("UPDATE items SET state = 4 WHERE state = 6 AND \(isAnswered)")
  }

  /// Rejects the items that waited for the answer of a request that was rejected.
  private func rejectTwins() throws {
    let attemptOfItem = try connection.prepare(
      "SELECT max(id) FROM attempts WHERE item_id = ? AND outcome <> 'accepted'")
    let twins = try TwinRejection(connection)
    for place in rejected {
      let attempt: Int64
      switch place {
      case .attempt(let id): attempt = id
      case .item(let item):
        attemptOfItem.bind(item, at: 1)
        defer { attemptOfItem.reset() }
        guard try attemptOfItem.step() else { continue }
        attempt = attemptOfItem.integer(0)
      }
      try twins.reject(asAttempt: attempt)
    }
  }

  private func tellOutcomes() throws {
    for (shard, outcome) in outcomes {
      try connection.run(
        """
        UPDATE shards SET accepted_count = accepted_count + ?2, failed_count = failed_count + ?3,
          superseded_count = superseded_count + ?4, input_tokens_used = input_tokens_used + ?5,
          output_tokens_used = output_tokens_used + ?6, cost_nano = cost_nano + ?7 WHERE id = ?1
        """, shard, Int64(outcome.accepted), Int64(outcome.failed), Int64(outcome.superseded),
        Int64(outcome.inputTokens), Int64(outcome.outputTokens), outcome.costNano)
    }
  }

  /// Whether every request of a shard had its row in this file: each row is of another one.
  private func isWholeNow(_ shard: ShardRecord) -> Bool {
    guard let outcome = outcomes[shard.id] else { return false }
    return outcome.accepted + outcome.failed + outcome.superseded == shard.requestCount
  }

  private func end(
    _ shard: ShardRecord, _ partial: SettlingSession.IsPartial, _ now: Int64
  ) throws {
    if partial == .growing { return }
    let waiting = "FROM items WHERE id BETWEEN ? AND ? AND shard_id = ? AND state = 3"
    if partial == .yes, !isWholeNow(shard) {
      let waits = try connection.holds(
        "SELECT EXISTS (SELECT 1 \(waiting)) OR EXISTS (SELECT 1 FROM attempts WHERE shard_id = ?3 AND outcome = 'open')",
        shard.items.lowerBound, shard.items.upperBound, shard.id)
      if waits { return }
    } else if partial == .no {
      try ShardRelease(shard).run(connection)
    }
    var lifecycle = ShardLifecycle(shard.state)
    guard lifecycle.handle(shard.state == .exported ? .imported : .applied) != nil else {
      preconditionFailure("results are applied to a shard that is collected, exported or asked")
    }
    let row = try connection.prepare(
      """
      UPDATE shards SET settled_at = ?, state = ?, results_file = coalesce(results_file, ?) WHERE id = ?
      """, now)
    row.bind(lifecycle.state.rawValue, at: 2)
    row.bind(file, at: 3)
    row.bind(shard.id, at: 4)
    try row.run()
  }
}
