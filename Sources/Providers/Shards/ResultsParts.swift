#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// Small changes to a results file between its parts.
enum ResultsParts {
  /// Makes a file without a byte, synced, or empties it.
  static func make(_ path: String) throws(SystemError) {
    let descriptor = openForWriting(path)
    guard descriptor >= 0 else { throw .last }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw .last }
  }

  /// Ends a file's last line with a line feed, if it has none: what is appended then begins a line.
  static func endLastLine(of path: String) throws(SystemError) {
    let descriptor = open(path, O_RDWR | O_APPEND | O_CLOEXEC)
    guard descriptor >= 0 else { throw .last }
    defer { close(descriptor) }
    let end = lseek(descriptor, 0, SEEK_END)
    guard end > 0 else { return }
    var last: UInt8 = 0
    guard pread(descriptor, &last, 1, end - 1) == 1 else { throw .last }
    guard last != 0x0A else { return }
    last = 0x0A
    guard writeBytes(descriptor, &last, 1) == 1 else { throw .last }
  }
}
