#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif
internal import GRDBSQLite

/// Texts by key, on disk, however many there are: each is put once, and looked up as often as one likes.
///
/// A SQLite database in a file without a name, like a ``GroupSpool``: memory stays that of its cache, and nothing is left
/// when the process ends.
public final class RowIndex {
  /// What became of a text that was put.
  public enum Place: Equatable {
    /// It is there.
    case new
    /// A text of the same key was put before, with this line.
    case taken(line: Int)
  }

  /// The cache, in KiB.
  private static let cacheSize = 16 << 10

  private let connection: SQLiteConnection
  private let path: String
  private let insert: SQLiteStatement
  private let select: SQLiteStatement

  /// Opens an empty index.
  ///
  /// - Parameter folder: Where its file lies; when it does not exist, where the system keeps temporary files.
  /// - Throws: `WriteError` when the file cannot be made.
  public init(inFolder folder: String) throws(WriteError) {
    let path = try SpoolFile.make(in: folder)
    self.path = path
    // Once it is open it needs no name.
    defer { if !path.isEmpty { unlink(path) } }
    do throws(SQLiteFailure) {
      connection = try SQLiteConnection(path: path, for: .creating)
      for setting in [
        "journal_mode = OFF", "synchronous = OFF", "locking_mode = EXCLUSIVE",
        "cache_size = -\(Self.cacheSize)",
      ] { try connection.execute("PRAGMA \(setting)") }
      try connection.execute(
        "CREATE TABLE texts (number INTEGER PRIMARY KEY, key UNIQUE, text, line)")
      try connection.execute("BEGIN")
      insert = try SQLiteStatement(
        "INSERT INTO texts (key, text, line) VALUES (?, ?, ?)", on: connection)
      select = try SQLiteStatement("SELECT text, line FROM texts WHERE key = ?", on: connection)
    } catch {
      throw error.writing(path)
    }
  }

  /// Puts a text under a key, unless there is one.
  ///
  /// - Parameters:
  ///   - text: The text, UTF-8.
  ///   - key: The key.
  ///   - line: A line to remember.
  /// - Returns: Whether it was put.
  /// - Throws: `WriteError` when there is no room.
  public func put(
    _ text: UnsafeBufferPointer<UInt8>, under key: UnsafeBufferPointer<UInt8>, line: Int
  ) throws(WriteError) -> Place {
    if let before = try find(key) {
      defer { release() }
      return .taken(line: before.line)
    }
    do throws(SQLiteFailure) {
      insert.bind(1, key)
      insert.bind(2, text)
      insert.bind(3, Int64(line))
      _ = try insert.step()
      insert.reset()
    } catch {
      throw error.writing(path)
    }
    return .new
  }

  /// The text under a key and its line, valid until the next call; nil when there is none.
  ///
  /// - Throws: `WriteError` when the file cannot be read.
  public func find(
    _ key: UnsafeBufferPointer<UInt8>
  ) throws(WriteError) -> (text: UnsafeBufferPointer<UInt8>, line: Int)? {
    select.reset()
    select.bind(1, key)
    do throws(SQLiteFailure) {
      guard try select.step() else {
        select.reset()
        return nil
      }
    } catch {
      throw error.writing(path)
    }
    return (select.text(0), Int(select.integer(1)))
  }

  private func release() { select.reset() }
}
