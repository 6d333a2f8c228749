internal import GRDBSQLite
internal import Records

/// Binds the values of rows to one statement, from its first parameter to its last.
///
/// Nothing but texts is copied: bytes must stay where they are until the statement has run.
struct RowBinder {
  private let statement: OpaquePointer
  /// Where hashes lie while the statement runs, sixteen bytes a parameter.
  private let hashes: UnsafeMutablePointer<UInt64>
  private var position: Int32 = 0

  init(_ statement: RawStatement, hashes: UnsafeMutablePointer<UInt64>) {
    self.statement = statement.handle
    self.hashes = hashes
  }

  /// Binds an integer.
  mutating func bind(_ value: Int64) {
    position += 1
    sqlite3_bind_int64(statement, position, value)
  }

  /// Binds an integer; null for nil.
  mutating func bind(_ value: Int64?) {
    if let value { return bind(value) }
    position += 1
    sqlite3_bind_null(statement, position)
  }

  /// Binds bytes.
  mutating func bind(_ bytes: UnsafeBufferPointer<UInt8>) {
    position += 1
    if bytes.isEmpty {
      sqlite3_bind_zeroblob(statement, position, 0)
    } else {
      sqlite3_bind_blob(statement, position, bytes.baseAddress, Int32(bytes.count), nil)
    }
  }

  /// Binds a hash's sixteen bytes.
  mutating func bind(_ hash: ContentHash) {
    let place = hashes + 2 * Int(position)
    place[0] = hash.high.bigEndian
    place[1] = hash.low.bigEndian
    position += 1
    sqlite3_bind_blob(statement, position, place, 16, nil)
  }

  /// Binds a text, copied; null for nil.
  mutating func bind(_ text: String?) {
    position += 1
    if let text {
      sqlite3_bind_text(statement, position, text, -1, RawStatement.copied)
    } else {
      sqlite3_bind_null(statement, position)
    }
  }

  /// Binds a name of the source code.
  mutating func bind(_ name: StaticString) {
    position += 1
    let start = UnsafeRawPointer(name.utf8Start).assumingMemoryBound(to: CChar.self)
    sqlite3_bind_text(statement, position, start, Int32(name.utf8CodeUnitCount), nil)
  }
}
