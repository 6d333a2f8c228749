/// Why the ledger cannot be used or changed now.
public struct LedgerError: Error, Sendable, CustomStringConvertible {
  /// What kind of trouble it is; decides the exit status.
  public enum Code: String, Sendable {
    /// The file was written by a newer version of Leaven.
    case newerVersion = "newer-ledger"
    /// The file is not a ledger, or SQLite calls it malformed.
    case corrupt = "corrupt-ledger"
    /// The disk is full, or the file may not be written.
    case cannotWrite = "cannot-write"
    /// Another process keeps the file locked.
    case locked = "ledger-locked"
    /// The state folder belongs to another pipeline file or endpoint.
    case belongsElsewhere = "other-pipeline"
    /// There is no ledger yet.
    case absent = "no-ledger"
    /// SQLite failed in another way.
    case failed = "ledger-failed"
  }

  /// What kind of trouble it is.
  public let code: Code
  /// What was being done.
  public let operation: String
  /// The ledger's path.
  public let path: String
  /// What went wrong, in a sentence.
  public let sentence: String
  /// What to do next.
  public let hint: String

  /// What to do about a ledger that cannot be read any more.
  static let restoring =
    "Restore the state folder from a backup, or move it aside to start anew (answers already paid for "
    + "are then asked again)."

  /// Creates an error.
  public init(_ code: Code, operation: String, path: String, sentence: String, hint: String) {
    self.code = code
    self.operation = operation
    self.path = path
    self.sentence = sentence
    self.hint = hint
  }

  /// The sentence with what was being done and where.
  public var description: String { "\(operation): \(sentence) (\(path))" }
}
