internal import Foundation
internal import GRDB

extension RunLedger {
  /// A ledger of its own with what a folder's ledger has now: what is done to it is forgotten with it. Empty when the folder
  /// has no ledger yet.
  ///
  /// It lies in a temporary file without a name, and is migrated; the folder's ledger is only read, and nobody waits for
  /// that.
  ///
  /// - Throws: `LedgerError`.
  /// - Complexity: A copy of the file.
  public static func scratch(ofFolder folder: String) throws(LedgerError) -> RunLedger {
    let path = folder + "/ledger.sqlite"
    return try SQLError.typed("reading the ledger", at: path) {
      var configuration = Configuration()
      configuration.allowsUnsafeTransactions = true
      configuration.foreignKeysEnabled = false
      configuration.prepareDatabase { database in
        try database.execute(sql: "PRAGMA cache_size = -16000; PRAGMA synchronous = OFF")
      }
      // SQLite's name for a file that nobody else sees.
      let queue = try DatabaseQueue(path: "", configuration: configuration)
      if FileManager.default.fileExists(atPath: path) {
        try openForReading(inFolder: folder).queue.backup(to: queue)
      }
      try migrator.migrate(queue)
      return RunLedger(queue: queue, path: path)
    }
  }
}
