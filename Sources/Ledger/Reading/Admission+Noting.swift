internal import Records

extension Admission {
  /// Keeps what the reading found for the history of runs, if it changed anything.
  ///
  /// - Throws: `DatabaseError`.
  func note(_ estimate: ReadingEstimate) throws {
    let counts = [
      tally.new, tally.edited, tally.reasked, tally.retried, tally.reused, tally.kept,
      tally.withheld, tally.removed,
    ]
    guard counts.contains(where: { $0 > 0 }) else { return }
    let causes = tally.causes.keys.reduce(into: ChangeCauses()) { $0.formUnion($1) }
    let row = try connection.prepare(
      """
      INSERT INTO readings (stage_id, new_count, edited_count, asked_again_count, retried_count,
        reused_count, kept_count, withheld_count, removed_count, causes, request_count, low_nano,
        likely_nano, high_nano, input_tokens, output_tokens, run_id)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,
        (SELECT id FROM runs WHERE ended_at IS NULL))
      """, terms.stage)
    for (position, count) in counts.enumerated() { row.bind(Int64(count), at: Int32(position + 2)) }
    row.bind(causes.subtracting(.record).rawValue, at: 10)
    row.bind(Int64(tally.toSend), at: 11)
    row.bind(estimate.lowNano, at: 12)
    row.bind(estimate.likelyNano, at: 13)
    row.bind(estimate.highNano, at: 14)
    row.bind(Int64(estimate.inputTokens), at: 15)
    row.bind(Int64(estimate.outputTokens), at: 16)
    try row.run()
  }
}
