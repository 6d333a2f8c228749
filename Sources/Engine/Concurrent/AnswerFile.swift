#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif
internal import Records

/// Appends lines to a results file: when a call returns, they outlive the process; a loss of power only once the file is
/// synced. Used by one thread.
final class AnswerFile {
  private let path: String
  private var descriptor: Int32 = -1
  private var byteCount: Int

  /// Names a file with so many bytes; it is made when there is something to write.
  init(path: String, byteCount: Int = 0) {
    self.path = path
    self.byteCount = byteCount
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }

  /// Appends whole lines, or nothing.
  ///
  /// - Throws: `RunError.write`.
  func append(_ lines: UnsafeBufferPointer<UInt8>) throws(RunError) {
    if descriptor < 0 { descriptor = Self.open(path) }
    guard descriptor >= 0 else { throw failure("cannot be made") }
    var rest = UnsafeRawBufferPointer(lines)[...]
    while !rest.isEmpty {
      let written = send(UnsafeRawBufferPointer(rebasing: rest))
      if written < 0, errno == EINTR { continue }
      guard written > 0 else {
        let failure = failure("cannot be written")
        // The file ends with a whole line again; if this fails, the next start takes the cut one off.
        _ = ftruncate(descriptor, off_t(byteCount))
        throw failure
      }
      rest = rest.dropFirst(written)
    }
    byteCount += lines.count
  }

  /// Opens a file to append; negative on failure, see `errno`.
  static func open(_ path: String) -> Int32 {
    #if canImport(Glibc)
      Glibc.open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    #else
      Darwin.open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    #endif
  }

  private func send(_ bytes: UnsafeRawBufferPointer) -> Int {
    #if canImport(Glibc)
      Glibc.write(descriptor, bytes.baseAddress, bytes.count)
    #else
      Darwin.write(descriptor, bytes.baseAddress, bytes.count)
    #endif
  }

  private func failure(_ doing: String) -> RunError {
    RunError.write(WriteError(path: path, doing: doing, errno: errno))
  }
}
