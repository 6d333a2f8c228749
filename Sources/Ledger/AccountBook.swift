internal import Foundation
internal import GRDB

/// What the pipelines of one state root share because they share a provider account: which batches are theirs, and
/// whose turn it is to submit. One SQLite file, `<root>/accounts.sqlite`.
public struct AccountBook: Sendable {
  let queue: DatabaseQueue
  let path: String

  /// Opens the book of a state root, making it as needed.
  ///
  /// - Throws: `LedgerError`.
  public static func open(inRoot root: String) throws(LedgerError) -> AccountBook {
    let path = root + "/accounts.sqlite"
    return try SQLError.typed("opening the account book", at: path) {
      try FileManager.default.createDirectory(
        atPath: root, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
      var configuration = Configuration()
      configuration.busyMode = .timeout(30)
      configuration.prepareDatabase { database in
        try database.execute(sql: "PRAGMA journal_mode = WAL")
        try database.execute(sql: "PRAGMA synchronous = FULL")
      }
      let queue = try DatabaseQueue(path: path, configuration: configuration)
      try migrate(queue)
      return AccountBook(queue: queue, path: path)
    }
  }

  /// A book that is forgotten with the value: for work that calls no provider.
  ///
  /// - Throws: `LedgerError`.
  public static func scratch() throws(LedgerError) -> AccountBook {
    try SQLError.typed("making an account book", at: "") {
      let queue = try DatabaseQueue()
      try migrate(queue)
      return AccountBook(queue: queue, path: "")
    }
  }

  private static func migrate(_ queue: DatabaseQueue) throws {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1") { database in
      try database.execute(
        sql: """
          CREATE TABLE batches (
            account TEXT NOT NULL, remote_id TEXT NOT NULL, pipeline TEXT NOT NULL,
            PRIMARY KEY (account, remote_id)) STRICT, WITHOUT ROWID;
          CREATE TABLE submitting (
            account TEXT PRIMARY KEY, pipeline TEXT NOT NULL, shard INTEGER NOT NULL,
            since INTEGER NOT NULL) STRICT, WITHOUT ROWID;
          """)
    }
    migrator.registerMigration("2") { database in
      // Batches that may be at the provider. One without an id belongs to the shard that has the turn.
      try database.execute(
        sql: """
          CREATE TABLE in_flight (
            id INTEGER PRIMARY KEY, account TEXT NOT NULL, pipeline TEXT NOT NULL,
            provider TEXT NOT NULL, shard INTEGER NOT NULL, remote_id TEXT,
            request_count INTEGER NOT NULL, input_tokens INTEGER NOT NULL, looked_at INTEGER) STRICT;
          """)
    }
    try migrator.migrate(queue)
  }

  /// Takes the account's turn to submit.
  ///
  /// - Returns: Nil when the turn is this shard's (also when it was before), else who has it.
  /// - Throws: `LedgerError`.
  public func takeTurn(
    account: String, pipeline: String, shard: Int64, now: Int64
  ) throws(LedgerError) -> Turn? {
    try change { database in
      try database.execute(
        sql: "INSERT OR IGNORE INTO submitting VALUES (?, ?, ?, ?)",
        arguments: [account, pipeline, shard, now])
      let holder = try Row.fetchOne(
        database, sql: "SELECT * FROM submitting WHERE account = ?", arguments: [account])
      guard let holder, holder["pipeline"] != pipeline || holder["shard"] != shard else {
        return nil
      }
      return Turn(pipeline: holder["pipeline"], shard: holder["shard"], since: holder["since"])
    }
  }

  /// Who is submitting.
  public struct Turn: Sendable, Equatable {
    /// The pipeline's name.
    public let pipeline: String
    /// The shard's number in its ledger.
    public let shard: Int64
    /// Since when, in UTC milliseconds.
    public let since: Int64
  }

  /// Gives the turn back, and remembers the batch if one was made; else it is not in flight.
  public func endTurn(
    account: String, pipeline: String, remoteID: String?
  ) throws(LedgerError) {
    try change { database in
      if let remoteID {
        try database.execute(
          sql: "INSERT OR IGNORE INTO batches VALUES (?, ?, ?)",
          arguments: [account, remoteID, pipeline])
      }
      try Self.name(remoteID, account: account, pipeline: pipeline, database)
      try database.execute(
        sql: "DELETE FROM submitting WHERE account = ? AND pipeline = ?",
        arguments: [account, pipeline])
    }
  }

  /// The ids of all batches of an account that a pipeline of this root made.
  public func batches(account: String) throws(LedgerError) -> Set<String> {
    try change { database in
      try String.fetchSet(
        database, sql: "SELECT remote_id FROM batches WHERE account = ?", arguments: [account])
    }
  }

  func change<Value>(_ body: (Database) throws -> Value) throws(LedgerError) -> Value {
    try SQLError.typed("using the account book", at: path) { try queue.write(body) }
  }
}
