#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif
internal import GRDBSQLite

/// Gathers texts by group on disk, however many there are and in whatever order they come, and gives them back group by
/// group: groups in the order in which they appeared, the texts of each by what orders them and then as they came.
///
/// A SQLite database in a file without a name: memory stays that of its cache, and nothing is left when the process ends,
/// however it does.
public final class GroupSpool {
  /// A group that is complete.
  public struct Group {
    /// What the texts of the group have in common, as it was given first; valid until the next call.
    public let label: UnsafeBufferPointer<UInt8>
    /// The line that was given first.
    public let line: Int
    fileprivate let number: Int64
  }

  /// The cache, in KiB: enough that groups in any order are found without much reading.
  private static let cacheSize = 16 << 10

  private let connection: SQLiteConnection
  private let path: String
  private let addGroup: SQLiteStatement
  private let findGroup: SQLiteStatement
  private let addText: SQLiteStatement
  private let allGroups: SQLiteStatement
  private let texts: SQLiteStatement
  private var scratch = ByteBuffer()
  private var lastKey = ByteBuffer()
  private var lastGroup: Int64 = 0
  private var groupCount: Int64 = 0

  /// Opens an empty spool.
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
        "CREATE TABLE groups (number INTEGER PRIMARY KEY, key UNIQUE, label, line INTEGER)")
      try connection.execute(
        "CREATE TABLE texts (number INTEGER PRIMARY KEY, grp INTEGER, place, text)")
      try connection.execute("CREATE INDEX places ON texts (grp, place)")
      try connection.execute("BEGIN")
      addGroup = try SQLiteStatement("INSERT INTO groups VALUES (?, ?, ?, ?)", on: connection)
      findGroup = try SQLiteStatement("SELECT number FROM groups WHERE key = ?", on: connection)
      addText = try SQLiteStatement(
        "INSERT INTO texts (grp, place, text) VALUES (?, ?, ?)", on: connection)
      allGroups = try SQLiteStatement(
        "SELECT number, label, line FROM groups ORDER BY number", on: connection)
      texts = try SQLiteStatement(
        "SELECT text FROM texts WHERE grp = ? ORDER BY place, number LIMIT ?", on: connection)
    } catch {
      throw error.writing(path)
    }
  }

  /// Adds a text to the group of a key.
  ///
  /// - Parameters:
  ///   - text: The text, UTF-8.
  ///   - key: What tells groups apart.
  ///   - label: What the group is given back with, if this is its first text.
  ///   - place: What orders the texts of a group: nulls, then numbers, then strings by their bytes.
  ///   - line: The line that the group is given back with, if this is its first text.
  /// - Throws: `WriteError` when there is no room.
  public func add(
    _ text: UnsafeBufferPointer<UInt8>, to key: UnsafeBufferPointer<UInt8>,
    labelled label: UnsafeBufferPointer<UInt8>, at place: JSONView?, line: Int
  ) throws(WriteError) {
    do throws(SQLiteFailure) {
      let group = try group(of: key, label, line: line)
      addText.bind(1, group)
      addText.bind(2, place, scratch: &scratch)
      addText.bind(3, text)
      _ = try addText.step()
      addText.reset()
    } catch {
      throw error.writing(path)
    }
  }

  private func group(
    of key: UnsafeBufferPointer<UInt8>, _ label: UnsafeBufferPointer<UInt8>, line: Int
  ) throws(SQLiteFailure) -> Int64 {
    // Most sources have the records of a group together.
    if lastGroup > 0, lastKey.bytes.elementsEqual(key) { return lastGroup }
    lastKey.removeAll()
    lastKey.append(key)
    findGroup.bind(1, key)
    defer { findGroup.reset() }
    if try findGroup.step() {
      lastGroup = findGroup.integer(0)
      return lastGroup
    }
    groupCount += 1
    addGroup.bind(1, groupCount)
    addGroup.bind(2, key)
    addGroup.bind(3, label)
    addGroup.bind(4, Int64(line))
    _ = try addGroup.step()
    addGroup.reset()
    lastGroup = groupCount
    return groupCount
  }

  /// The next group, nil after the last. Nothing is added any more.
  ///
  /// - Throws: `WriteError` when the file cannot be read.
  public func nextGroup() throws(WriteError) -> Group? {
    do throws(SQLiteFailure) {
      guard try allGroups.step() else { return nil }
      return Group(
        label: allGroups.text(1), line: Int(allGroups.integer(2)), number: allGroups.integer(0))
    } catch {
      throw error.writing(path)
    }
  }

  /// Appends the texts of a group as the elements of a JSON array that they are.
  ///
  /// - Parameters:
  ///   - group: The group.
  ///   - limit: At most so many; all when nil.
  ///   - output: Where they go, with commas between them and brackets around.
  /// - Throws: `WriteError` when the file cannot be read.
  public func appendArray(
    of group: Group, limit: Int?, to output: inout ByteBuffer
  ) throws(WriteError) {
    texts.bind(1, group.number)
    texts.bind(2, Int64(limit ?? -1))
    defer { texts.reset() }
    output.append(0x5B)
    var isFirst = true
    do throws(SQLiteFailure) {
      while try texts.step() {
        if !isFirst { output.append(0x2C) }
        isFirst = false
        output.append(texts.text(0))
      }
    } catch {
      throw error.writing(path)
    }
    output.append(0x5D)
  }
}
