#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif
internal import Records

/// A file that lines are appended to.
///
/// What `append` wrote is in the kernel's hands when it returns, so that it outlives the process
/// however it ends.
struct LineFile: ~Copyable {
  let path: String
  private let descriptor: Int32

  /// Opens or makes the file; `truncating` forgets what is in it.
  init(_ path: String, truncating: Bool = false) throws(SandboxError) {
    self.path = path
    descriptor = open(
      path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | (truncating ? O_TRUNC : 0), 0o600)
    if descriptor < 0 { throw StateDirectory.failure("cannot open", path) }
  }

  deinit {
    close(descriptor)
  }

  /// Cuts a file after its last whole line, so that the next one does not join a torn one.
  static func truncate(_ path: String, to length: Int) throws(SandboxError) {
    #if canImport(Glibc)
      let outcome = Glibc.truncate(path, off_t(length))
    #else
      let outcome = Darwin.truncate(path, off_t(length))
    #endif
    if outcome != 0 { throw StateDirectory.failure("cannot cut", path) }
  }

  /// Appends bytes, all of them or (on an error) fewer.
  func append(_ bytes: UnsafeBufferPointer<UInt8>) throws(SandboxError) {
    guard let base = bytes.baseAddress else { return }
    var written = 0
    while written < bytes.count {
      let count = write(descriptor, base + written, bytes.count - written)
      if count < 0, errno == EINTR { continue }
      if count < 0 { throw StateDirectory.failure("cannot write", path) }
      written += count
    }
  }

  /// Appends a value as one line.
  func append(_ value: JSONValue) throws(SandboxError) {
    var line = ByteBuffer()
    value.append(to: &line)
    line.append(0x0A)
    try append(line.bytes)
  }
}
