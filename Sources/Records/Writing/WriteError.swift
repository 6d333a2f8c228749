#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// Why an output cannot be written.
///
/// What was there before is untouched.
public struct WriteError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong; the raw value is the diagnostic code.
  public enum Code: String, Sendable, CaseIterable {
    case unwritable = "output-unwritable"
    case diskFull = "disk-full"
    case unknownField = "unknown-field"
    case badDatabase = "bad-database"
    case busyDatabase = "database-busy"
    case unknownTable = "unknown-table"
    case unknownColumn = "unknown-column"
    case sharedColumn = "column-shared"
    case notUnique = "key-not-unique"
    case refusedRow = "row-refused"
  }

  /// The file that was to be written.
  public let path: String
  /// What is wrong.
  public let code: Code
  /// What is wrong, as a sentence without the path.
  public let sentence: String
  /// The system's error number; 0 when the system did not refuse.
  public let errno: Int32
  /// What to do about it; nil when the sentence says it.
  public let hint: String?

  /// Creates an error.
  public init(
    _ code: Code, path: String, _ sentence: String, errno: Int32 = 0, hint: String? = nil
  ) {
    self.code = code
    self.path = path
    self.sentence = sentence
    self.errno = errno
    self.hint = hint
  }

  /// Creates the error of a system call that failed, with a hint for the causes people meet.
  public init(path: String, doing what: String, errno number: Int32) {
    let isFull = number == ENOSPC || number == EDQUOT || number == EFBIG
    let hint: String? =
      switch number {
      case ENOSPC, EDQUOT: "free some space and run again; nothing was lost"
      case EFBIG: "raise the limit on file size (ulimit -f) and run again; nothing was lost"
      case EACCES, EPERM: "check who owns the folder and may write there"
      case ENOENT: "make the folder first"
      case EROFS: "the file system is read-only"
      default: nil
      }
    self.init(
      isFull ? .diskFull : .unwritable, path: path,
      "\(what): \(SystemCall.message(number))", errno: number, hint: hint)
  }

  /// Whether there is no room: a full disk, a quota, a limit on file size.
  public var isDiskFull: Bool { code == .diskFull }

  /// `path: error[code]: sentence`, and the hint after a semicolon.
  public var description: String {
    "\(path): error[\(code.rawValue)]: \(sentence)" + (hint.map { "; \($0)" } ?? "")
  }
}
