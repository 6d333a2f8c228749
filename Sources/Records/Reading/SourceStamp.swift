#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// A mark that changes when a source file changes: path, size, modification time and inode; of a database also its change
/// counter and its write-ahead log.
///
/// Two equal marks mean that the source need not be read again. It is a cheap look, not a hash of the contents.
public struct SourceStamp: Hashable, Sendable, CustomStringConvertible {
  /// The canonical form, to be stored and compared; its parts may grow with releases.
  public let description: String

  /// Restores a mark that was stored.
  public init(stored: String) { description = stored }

  /// Looks at a file or, with `isDatabase`, at a SQLite database.
  ///
  /// - Throws: `SourceError` (`source-unreadable`) when there is no such file.
  public init(path: String, isDatabase: Bool = false) throws(SourceError) {
    guard let file = Self.status(of: path) else {
      throw SourceError(
        .unreadable, in: path, "cannot be opened: \(SystemCall.message(errno))",
        hint: "check the path; it is relative to the pipeline file")
    }
    guard isDatabase else {
      description = "file1 \(file) \(path)"
      return
    }
    // A reader may leave an empty log behind: it says no more than none.
    let log = Self.status(of: path + "-wal").flatMap { $0.hasPrefix("0 ") ? nil : $0 } ?? "none"
    description = "sqlite1 \(file) change \(Self.changeCounter(of: path)) wal \(log) \(path)"
  }

  private static func status(of path: String) -> String? {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    let time = SystemCall.modificationTime(status)
    let nanoseconds = Int(time.tv_sec) * 1_000_000_000 + Int(time.tv_nsec)
    return "\(status.st_size) \(nanoseconds) \(status.st_ino)"
  }

  /// The file change counter: four bytes, big-endian, at offset 24 (SQLite's file format, section 1.3.7).
  private static func changeCounter(of path: String) -> Int {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return 0 }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 4)
    guard pread(descriptor, &bytes, 4, 24) == 4 else { return 0 }
    return bytes.reduce(0) { $0 << 8 | Int($1) }
  }
}
