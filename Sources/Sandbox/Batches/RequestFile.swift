#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif
internal import Records

/// The stored requests of a batch, read in any order.
struct RequestFile: ~Copyable {
  private let path: String
  private let descriptor: Int32
  /// Where each line begins, and where the last one ends.
  private let offsets: [UInt64]

  /// The number of requests.
  var count: Int { offsets.count - 1 }

  init(_ path: String) throws(SandboxError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0, var lines = LineReader(path) else {
      throw StateDirectory.failure("cannot read", path)
    }
    var offsets: [UInt64] = []
    var end = 0
    while let line = lines.next() {
      offsets.append(UInt64(lines.lineOffset))
      end = lines.lineOffset + line.count + 1
    }
    self.path = path
    self.descriptor = descriptor
    self.offsets = offsets + [UInt64(end)]
  }

  deinit {
    close(descriptor)
  }

  /// Reads one request, without its line end.
  func read(_ position: Int, into buffer: inout ByteBuffer) throws(SandboxError) {
    let start = Int(offsets[position])
    let length = Int(offsets[position + 1]) - start - 1
    buffer.removeAll()
    buffer.shrink(to: 1 << 20)
    while buffer.count < length {
      let room = buffer.reserve(length - buffer.count)
      let count = pread(descriptor, room, length - buffer.count, off_t(start + buffer.count))
      if count < 0, errno == EINTR { continue }
      if count <= 0 { throw StateDirectory.failure("cannot read", path) }
      buffer.advance(by: count)
    }
  }
}
