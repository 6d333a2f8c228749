internal import GRDB
internal import GRDBSQLite

/// Turns what SQLite reports into a `LedgerError`.
enum SQLError {
  /// Runs work on the database and types what it throws.
  static func typed<Value>(
    _ operation: String, at path: String, _ body: () throws -> Value
  ) throws(LedgerError) -> Value {
    do {
      return try body()
    } catch let error as LedgerError {
      throw error
    } catch let error as DatabaseError {
      throw ledgerError(error, operation, path)
    } catch {
      throw LedgerError(
        .failed, operation: operation, path: path, sentence: "\(error)",
        hint: "Run the command again; if it stays, move the state folder aside.")
    }
  }

  private static func ledgerError(
    _ error: DatabaseError, _ operation: String, _ path: String
  ) -> LedgerError {
    let words = error.message ?? "SQLite error \(error.resultCode.rawValue)"
    switch error.resultCode {
    case .SQLITE_CORRUPT, .SQLITE_NOTADB:
      return LedgerError(
        .corrupt, operation: operation, path: path, sentence: "the ledger is damaged: \(words)",
        hint: LedgerError.restoring)
    case .SQLITE_FULL, .SQLITE_IOERR, .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM:
      return LedgerError(
        .cannotWrite, operation: operation, path: path,
        sentence: "the ledger cannot be written: \(words)",
        hint:
          "Make room on the disk or fix the folder's permissions, then run the same command again: nothing "
          + "is lost.")
    case .SQLITE_BUSY, .SQLITE_LOCKED:
      return LedgerError(
        .locked, operation: operation, path: path,
        sentence: "another process keeps the ledger locked",
        hint: "Wait for it to end, then run the same command again.")
    default:
      return LedgerError(
        .failed, operation: operation, path: path, sentence: words,
        hint: "Run the command again; if it stays, move the state folder aside.")
    }
  }
}
