internal import GRDB

extension AccountBook {
  /// A batch that may be at the provider and counts against the account's limits.
  public struct InFlight: Sendable, Equatable {
    /// Its number in the book; nil before it is entered.
    public private(set) var id: Int64?
    /// The pipeline's name.
    public let pipeline: String
    /// The provider entry of that pipeline.
    public let provider: String
    /// The shard's number in its ledger.
    public let shard: Int64
    /// The provider's id; nil while it is being made.
    public let remoteID: String?
    /// The requests in it.
    public let requestCount: Int
    /// Their estimated input tokens.
    public let inputTokens: Int
    /// When somebody else than its pipeline last looked whether it is over, in UTC milliseconds.
    public private(set) var lookedAt: Int64?

    /// Creates a description.
    public init(
      pipeline: String, provider: String, shard: Int64, remoteID: String?, requestCount: Int,
      inputTokens: Int
    ) {
      self.pipeline = pipeline
      self.provider = provider
      self.shard = shard
      self.remoteID = remoteID
      self.requestCount = requestCount
      self.inputTokens = inputTokens
    }

    fileprivate init(row: Row) {
      self.init(
        pipeline: row["pipeline"], provider: row["provider"], shard: row["shard"],
        remoteID: row["remote_id"], requestCount: row["request_count"],
        inputTokens: row["input_tokens"])
      id = row["id"]
      lookedAt = row["looked_at"]
    }

    fileprivate func isSame(as other: InFlight) -> Bool {
      shard == other.shard && remoteID == other.remoteID && requestCount == other.requestCount
        && inputTokens == other.inputTokens
    }
  }

  /// What is in flight in an account, oldest first.
  public func inFlight(account: String) throws(LedgerError) -> [InFlight] {
    try change { try Self.inFlight(account, $0) }
  }

  /// Enters a batch that is about to be made, by the shard that has the turn. `endTurn` gives it its id, or takes it
  /// out.
  public func enter(_ batch: InFlight, account: String) throws(LedgerError) {
    try change { database in
      try Self.name(nil, account: account, pipeline: batch.pipeline, database)
      try Self.insert(batch, account, database)
    }
  }

  /// Says what a pipeline has in flight through a provider entry, as its ledger has it: what the book has else of it is
  /// over. Batches whose id the ledger does not know (an earlier ledger's, that was deleted) stay.
  public func declare(
    _ batches: [InFlight], pipeline: String, provider: String, account: String, known: Set<String>
  ) throws(LedgerError) {
    try change { database in
      // Also those under another account: the entry's address or a sandbox's port was another one.
      let before = try Row.fetchAll(
        database, sql: "SELECT * FROM in_flight WHERE pipeline = ? AND provider = ? ORDER BY id",
        arguments: [pipeline, provider]
      ).filter { row in (row["remote_id"] as String?).map(known.contains) != false }
      let isSame =
        before.count == batches.count && before.allSatisfy { $0["account"] == account }
        && zip(before.map(InFlight.init(row:)), batches).allSatisfy { $0.isSame(as: $1) }
      guard !isSame else { return }
      for row in before { try Self.delete(InFlight(row: row), database) }
      for batch in batches { try Self.insert(batch, account, database) }
    }
  }

  /// Remembers when it was last looked whether a batch is over.
  public func note(_ batch: InFlight, lookedAt time: Int64) throws(LedgerError) {
    try change { database in
      try database.execute(
        sql: "UPDATE in_flight SET looked_at = ? WHERE id = ?", arguments: [time, batch.id])
    }
  }

  /// Takes a batch out that is over.
  public func forget(_ batch: InFlight) throws(LedgerError) {
    try change { try Self.delete(batch, $0) }
  }

  /// Gives the batch that a pipeline is making its id; nil when it was not made.
  static func name(
    _ remoteID: String?, account: String, pipeline: String, _ database: Database
  ) throws {
    let condition = "account = ? AND pipeline = ? AND remote_id IS NULL"
    if let remoteID {
      try database.execute(
        sql: "UPDATE in_flight SET remote_id = ? WHERE \(condition)",
        arguments: [remoteID, account, pipeline])
    } else {
      try database.execute(
        sql: "DELETE FROM in_flight WHERE \(condition)", arguments: [account, pipeline])
    }
  }

  private static func inFlight(_ account: String, _ database: Database) throws -> [InFlight] {
    try Row.fetchAll(
      database, sql: "SELECT * FROM in_flight WHERE account = ? ORDER BY id", arguments: [account]
    ).map(InFlight.init(row:))
  }

  private static func insert(_ batch: InFlight, _ account: String, _ database: Database) throws {
    try database.execute(
      sql: """
        INSERT INTO in_flight (account, pipeline, provider, shard, remote_id, request_count, input_tokens)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        """,
      arguments: [
        account, batch.pipeline, batch.provider, batch.shard, batch.remoteID, batch.requestCount,
        batch.inputTokens,
      ])
  }

  private static func delete(_ batch: InFlight, _ database: Database) throws {
    try database.execute(sql: "DELETE FROM in_flight WHERE id = ?", arguments: [batch.id])
  }
}
