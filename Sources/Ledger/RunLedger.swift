internal import Foundation
internal import GRDB

/// The durable state of one pipeline: what each record wants, what was sent, what came back.
///
/// One SQLite file (`ledger.sqlite`, WAL mode, full synchronisation) in the pipeline's state folder. Every call that
/// changes something is one transaction: when it returns, the change is on disk; when it throws, nothing
/// changed. There is no other truth: counts are counted, not kept.
public struct RunLedger: Sendable {
  let queue: DatabaseQueue
  /// The ledger file.
  public let path: String

  /// Opens the ledger in a state folder, making and migrating it as needed.
  ///
  /// - Throws: `LedgerError`: newer version, corrupt, cannot write, locked for 30 s, or the folder belongs to another
  ///   pipeline file that still exists.
  public static func open(
    inFolder folder: String, pipeline: String, file: String, isSandbox: IsSandbox, now: Int64
  ) throws(LedgerError) -> RunLedger {
    try open(
      inFolder: folder, pipeline: pipeline, file: file, isSandbox: isSandbox, now: now, lockWait: 30
    )
  }

  /// As above, with the seconds to wait for another process's lock.
  static func open(
    inFolder folder: String, pipeline: String, file: String, isSandbox: IsSandbox, now: Int64,
    lockWait: TimeInterval
  ) throws(LedgerError) -> RunLedger {
    let path = folder + "/ledger.sqlite"
    try makeFolder(folder)
    try refuseEmptied(path, inFolder: folder)
    return try SQLError.typed("opening the ledger", at: path) {
      let queue = try DatabaseQueue(path: path, configuration: configuration(lockWait: lockWait))
      try refuseNewerVersion(queue, path)
      try migrator.migrate(queue)
      let ledger = RunLedger(queue: queue, path: path)
      try ledger.claim(pipeline: pipeline, file: file, isSandbox: isSandbox, now: now)
      return ledger
    }
  }

  /// Opens an existing ledger for looking only; nothing is locked or migrated.
  ///
  /// - Throws: `LedgerError`: absent, newer version, corrupt.
  public static func openForReading(inFolder folder: String) throws(LedgerError) -> RunLedger {
    let path = folder + "/ledger.sqlite"
    return try SQLError.typed("reading the ledger", at: path) {
      let absent = LedgerError(
        .absent, operation: "reading the ledger", path: path,
        sentence: "this pipeline has not been run yet", hint: "Start it with: leaven run PIPELINE")
      guard FileManager.default.fileExists(atPath: path) else { throw absent }
      try refuseEmptied(path, inFolder: folder)
      let queue = try DatabaseQueue(path: path, configuration: configuration(readonly: true))
      try refuseNewerVersion(queue, path)
      // A process that was killed while it made the ledger leaves an empty one.
      guard try queue.read({ try $0.tableExists("ledger") }) else { throw absent }
      return RunLedger(queue: queue, path: path)
    }
  }

  /// Whether a ledger holds a sandbox's answers or a real provider's.
  public enum IsSandbox: Int, Sendable {
    case no = 0
    case yes = 1
  }

  /// Refuses a ledger that holds nothing beside shards and results: all that was paid for would be asked again.
  private static func refuseEmptied(_ path: String, inFolder folder: String) throws(LedgerError) {
    let files = FileManager.default
    // What cannot be looked at is no evidence; opening the ledger says what is wrong with it.
    guard let size = (try? files.attributesOfItem(atPath: path))?[.size] as? Int, size == 0 else {
      return
    }
    let traces = ["shards", "results"].contains { name in
      // A folder that is not there has no traces.
      (try? files.contentsOfDirectory(atPath: "\(folder)/\(name)"))?.isEmpty == false
    }
    // A process that was killed while it made the ledger leaves an empty one and nothing else; what it was about to write
    // may still be in the log beside it.
    guard traces, !files.fileExists(atPath: path + "-wal") else { return }
    throw LedgerError(
      .corrupt, operation: "opening the ledger", path: path,
      sentence: "the ledger is empty, but there are files of batches beside it",
      hint: LedgerError.restoring)
  }

  private static func makeFolder(_ folder: String) throws(LedgerError) {
    do {
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    } catch {
      throw LedgerError(
        .cannotWrite, operation: "making the state folder", path: folder,
        sentence: error.localizedDescription,
        hint: "Make the folder above it writable, or name another with --state.")
    }
  }

  private static func configuration(
    readonly: Bool = false, lockWait: TimeInterval = 30
  ) -> Configuration {
    var configuration = Configuration()
    configuration.readonly = readonly
    configuration.busyMode = .timeout(lockWait)
    configuration.allowsUnsafeTransactions = true
    configuration.foreignKeysEnabled = false
    configuration.prepareDatabase { database in
      // In KiB. Memory is bounded, at half a million records as at fifty thousand (Ledger.docc has figures).
      try database.execute(sql: "PRAGMA cache_size = -8000")
      guard !readonly else { return }
      try database.execute(sql: "PRAGMA journal_mode = WAL")
      try database.execute(sql: "PRAGMA synchronous = FULL")
    }
    return configuration
  }

  /// The migrations this release knows, in order.
  static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1") { database in
      try database.execute(sql: String(decoding: PackageResources.one_sql, as: UTF8.self))
    }
    migrator.registerMigration("2") { database in
      try database.execute(sql: String(decoding: PackageResources.two_sql, as: UTF8.self))
    }
    migrator.registerMigration("3") { database in
      try database.execute(sql: String(decoding: PackageResources.three_sql, as: UTF8.self))
    }
    migrator.registerMigration("4") { database in
      try database.execute(sql: String(decoding: PackageResources.four_sql, as: UTF8.self))
    }
    migrator.registerMigration("5") { database in
      try database.execute(sql: String(decoding: PackageResources.five_sql, as: UTF8.self))
    }
    migrator.registerMigration("6") { database in
      try database.execute(sql: String(decoding: PackageResources.six_sql, as: UTF8.self))
    }
    migrator.registerMigration("7") { database in
      try database.execute(sql: String(decoding: PackageResources.seven_sql, as: UTF8.self))
    }
    migrator.registerMigration("8") { database in
      try database.execute(sql: String(decoding: PackageResources.eight_sql, as: UTF8.self))
    }
    return migrator
  }

  private static func refuseNewerVersion(_ queue: DatabaseQueue, _ path: String) throws {
    let isNewer = try queue.read { try migrator.hasBeenSuperseded($0) }
    guard isNewer else { return }
    throw LedgerError(
      .newerVersion, operation: "opening the ledger", path: path,
      sentence: "the ledger was written by a newer version of Leaven",
      hint: "Install that version again; this one leaves the ledger as it is.")
  }

  /// Runs a change as one transaction.
  func change<Value>(
    _ operation: String, _ body: (Database) throws -> Value
  ) throws(LedgerError) -> Value {
    try SQLError.typed(operation, at: path) { try queue.write(body) }
  }

  /// Runs a look at one state of the database.
  func look<Value>(
    _ operation: String, _ body: (Database) throws -> Value
  ) throws(LedgerError) -> Value {
    try SQLError.typed(operation, at: path) { try queue.read(body) }
  }
}
