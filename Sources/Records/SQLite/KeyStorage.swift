/// How a table's key column keeps keys, which are bytes: not every column gives back what it was given.
public struct KeyStorage: Sendable {
  /// What SQLite makes of a text that goes into a column, by the column's declared type.
  enum Affinity {
    /// Texts and numbers become texts: any key is kept.
    case text
    /// Values stay what they are.
    case none
    /// Texts that look like numbers become numbers.
    case number
    /// As `number`, and integers become reals.
    case real
    /// The number of the row: nothing but 64-bit integers.
    case rowID
  }

  let column: String
  let declaredType: String
  let affinity: Affinity
  /// The collation that takes different texts for one, such as NOCASE; nil when bytes are compared.
  public let collation: String?

  init(column: String, declaredType: String, isRowID: Bool, collation: String?) {
    self.column = column
    self.declaredType = declaredType
    affinity = isRowID ? .rowID : Self.affinity(declaredType)
    self.collation = collation
  }

  /// SQLite's rule for the affinity of a column.
  private static func affinity(_ declaredType: String) -> Affinity {
    let type = declaredType.uppercased()
    func has(_ parts: String...) -> Bool { parts.contains { type.contains($0) } }
    if has("INT") { return .number }
    if has("CHAR", "CLOB", "TEXT") { return .text }
    // ANY keeps values as they are in strict tables only; elsewhere the rows written are looked at.
    if has("BLOB") || type.isEmpty || type == "ANY" { return .none }
    return has("REAL", "FLOA", "DOUB") ? .real : .number
  }

  /// Whether any key is kept as it is.
  var keepsAll: Bool { affinity == .text && collation == nil }

  /// Whether a key certainly is not kept as it is. Nothing is said of keys that are told apart by a collation.
  public func loses(_ key: UnsafeBufferPointer<UInt8>) -> Bool {
    switch affinity {
    case .text, .none: false
    case .rowID: !Self.isInteger(key)
    case .number: Self.isDigits(key) && !Self.isInteger(key)
    case .real: Self.isDigits(key)
    }
  }

  /// A sentence that says why a key is refused, for a row of a table.
  ///
  /// - Parameters:
  ///   - key: The key.
  ///   - stored: What the column makes of it, when that is known.
  ///   - table: The table's name.
  /// - Returns: The sentence.
  public func refusal(of key: String, as stored: String? = nil, in table: String) -> String {
    let type = declaredType.isEmpty ? "without a type" : declaredType
    let place = "the key column \"\(column)\" (\(type)) of table \"\(table)\""
    if let collation, let stored {
      return "\(place) takes the key \"\(key)\" for \"\(stored)\" (COLLATE \(collation)); "
        + "nothing was written"
    }
    let instead = stored.map { "; it would be \"\($0)\"" } ?? ""
    return "\(place) cannot hold the key \"\(key)\" as it is\(instead); nothing was written"
  }

  /// What to do about a key that is refused.
  public var hint: String {
    "name a table that is not there yet: Leaven makes it, for any key; or make this one anew with "
      + "\(SQLiteConnection.quoted(column)) TEXT PRIMARY KEY"
  }

  /// Whether a key is a minus sign, or none, and digits.
  private static func isDigits(_ key: UnsafeBufferPointer<UInt8>) -> Bool {
    let digits = key.first == UInt8(ascii: "-") ? key.dropFirst() : key[...]
    return !digits.isEmpty && digits.allSatisfy { $0 >= 0x30 && $0 <= 0x39 }
  }

  /// Whether a key is what SQLite prints of a 64-bit integer.
  private static func isInteger(_ key: UnsafeBufferPointer<UInt8>) -> Bool {
    guard isDigits(key), let value = Int64(String(decoding: key, as: UTF8.self)) else {
      return false
    }
    return String(value).utf8.elementsEqual(key)
  }
}
