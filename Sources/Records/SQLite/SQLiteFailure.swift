internal import GRDBSQLite

/// What SQLite answered instead of doing what it was told.
struct SQLiteFailure: Error {
  /// The primary result code.
  let code: Int32
  /// SQLite's words.
  let message: String
  /// What to do about it; nil when the message says it.
  let hint: String?

  init(code: Int32, message: String, hint: String? = nil) {
    self.code = code
    self.message = message
    self.hint = hint
  }

  init(_ database: OpaquePointer?, code: Int32) {
    self.code = code & 0xFF
    message =
      database.flatMap { sqlite3_errmsg($0) }.map { String(cString: $0) }
      ?? String(cString: sqlite3_errstr(code))
    hint = nil
  }

  /// The failure as seen by one who reads.
  func reading(_ path: String, _ fallback: SourceError.Code = .unreadable) -> SourceError {
    switch code {
    case SQLITE_CORRUPT:
      SourceError(
        .badDatabase, in: path, "the database is malformed",
        hint: "restore it from a backup, or save what can be read: sqlite3 \(path) .recover")
    case SQLITE_NOTADB: SourceError(.badDatabase, in: path, "is not a SQLite database")
    case SQLITE_BUSY, SQLITE_LOCKED:
      SourceError(
        .busyDatabase, in: path, "another program has kept the database locked for 30 s",
        hint: "wait for it to end, and run again")
    case SQLITE_READONLY:
      SourceError(
        .badDatabase, in: path,
        "cannot be read without writing beside it: it is in WAL mode, or a transaction was left half done",
        hint:
          "make its folder writable, or open it once with a program that may write, such as sqlite3"
      )
    case SQLITE_CANTOPEN:
      SourceError(
        .unreadable, in: path, "cannot be opened as a database",
        hint: "check the path; it is relative to the pipeline file")
    default: SourceError(fallback, in: path, message)
    }
  }

  /// The failure as seen by one who writes.
  func writing(_ path: String, _ fallback: WriteError.Code = .unwritable) -> WriteError {
    switch code {
    case SQLITE_CORRUPT: WriteError(.badDatabase, path: path, "the database is malformed")
    case SQLITE_NOTADB: WriteError(.badDatabase, path: path, "is not a SQLite database")
    case SQLITE_BUSY, SQLITE_LOCKED:
      WriteError(
        .busyDatabase, path: path, "another program has kept the database locked for 30 s",
        hint: "wait for it to end, and run again; nothing was changed")
    case SQLITE_FULL:
      WriteError(
        .diskFull, path: path, "there is no room on the disk",
        hint: "free some space and run again; nothing was lost")
    case SQLITE_READONLY, SQLITE_PERM, SQLITE_CANTOPEN:
      WriteError(
        .unwritable, path: path, message,
        hint: "check who owns the database and its folder and may write there")
    default: WriteError(fallback, path: path, message, hint: hint)
    }
  }
}
