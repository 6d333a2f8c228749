internal import Foundation
internal import GRDB
public import Records

extension ReadingSession {
  /// What a complete reading counted outside the items.
  public struct Counts: Sendable {
    /// Records in the source (of a stage's: upstream items), before any were left out.
    public var read = 0
    /// Records that `where` left out.
    public var filtered = 0
    /// Upstream records without an accepted answer.
    public var skipped = 0

    /// All zero.
    public init() {}
  }

  /// The shards the reading filled, in order, with the requests that must be taken out of their files first.
  public var shards: (drafts: [ShardDraft], replaced: [ReplacedRequest]) {
    (cutter.drafts, replaced)
  }

  /// A shard file as it stands on disk.
  public struct WrittenShard: Sendable {
    /// The draft behind it.
    public var draft: ShardDraft
    /// The file, relative to the state folder (absolute for an export).
    public var file: String
    /// The requests in it.
    public var requestCount: Int
    /// Its bytes.
    public var byteCount: Int

    /// Creates a description.
    public init(draft: ShardDraft, file: String, requestCount: Int, byteCount: Int) {
      self.draft = draft
      self.file = file
      self.requestCount = requestCount
      self.byteCount = byteCount
    }
  }

  /// Makes the reading the stage's wish: items of records that are gone are removed, the shards exist.
  ///
  /// - Parameters:
  ///   - written: The shards, whose files are complete and synced. Those without a request are left out.
  ///   - state: `.packed` for a run, `.exported` for an export.
  ///   - stamp: What the reading was of: while it stays the same, nothing is read again. Not stored when
  ///     answers were withheld.
  /// - Returns: What changed.
  /// - Throws: `LedgerError`; then nothing changed.
  public func commit(
    _ written: [WrittenShard], as state: ShardState, counts: Counts, stamp: String,
    template: ContentHash
  ) throws(LedgerError) -> ReadingTally {
    try SQLError.typed("ending the reading", at: ledger.path) {
      try ledger.queue.writeWithoutTransaction { database in
        try inserts.flush()
        try markRemoved(database)
        for shard in written where shard.requestCount > 0 { try insert(shard, state, database) }
        try database.execute(
          sql: """
            UPDATE stages SET reading_stamp = ?, read_count = ?, filtered_count = ?, skipped_count = ?,
              duplicate_count = ?, template_hash = ?, plan_id = ?, version = version + ? WHERE id = ?
            """,
          arguments: [
            tally.withheld == 0 ? stamp : nil, counts.read, counts.filtered, counts.skipped,
            tally.duplicate, template.data, terms.plan, changesSomething ? 1 : 0, terms.stage,
          ])
        try database.execute(sql: "COMMIT")
        return tally
      }
    }
  }

  private var changesSomething: Bool {
    tally.new + tally.edited + tally.reasked + tally.removed > 0
  }

  private func markRemoved(_ database: Database) throws {
    let statement = try database.cachedStatement(
      sql: "UPDATE items SET state = 7 WHERE id = ? AND state <> 7")
    for item in try walk.remaining() {
      try statement.execute(arguments: [item])
      tally.removed += database.changesCount
    }
  }

  private func insert(
    _ shard: WrittenShard, _ state: ShardState, _ database: Database
  ) throws {
    try database.execute(
      sql: """
        INSERT INTO shards (id, stage_id, plan_id, provider, state, file, wave, request_count, byte_count,
          input_tokens, first_item, last_item) VALUES (?, ?, ?, ?, ?, ?, 1, ?, ?, ?, ?, ?)
        """,
      arguments: [
        shard.draft.number, terms.stage, terms.plan, terms.provider, state.rawValue, shard.file,
        shard.requestCount, shard.byteCount, shard.draft.inputTokens, shard.draft.firstItem,
        shard.draft.lastItem,
      ])
  }
}
