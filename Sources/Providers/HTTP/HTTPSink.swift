#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// Takes a response's body: into memory or, when the status is a success, into a file.
struct HTTPSink: ~Copyable {
  struct Failure: Error {
    let reason: HTTPFailure.Reason
  }

  private static let errorBodyLimit = 1_000_000

  private let destination: HTTPRequest.Destination
  private var bytes: [UInt8] = []
  private var descriptor: Int32 = -1
  private(set) var byteCount = 0

  init(_ destination: HTTPRequest.Destination) { self.destination = destination }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }

  /// Takes the next piece.
  mutating func write(_ piece: UnsafeRawBufferPointer, status: Int) throws(Failure) {
    byteCount += piece.count
    guard (200..<300).contains(status) else {
      bytes.append(contentsOf: piece.prefix(max(0, Self.errorBodyLimit - bytes.count)))
      return
    }
    switch destination {
    case .memory(let limit):
      guard byteCount <= limit else { throw Failure(reason: .tooLarge) }
      bytes.append(contentsOf: piece)
    case .file, .appended:
      try open()
      try writeAll(piece)
    }
  }

  /// Completes the body; a file is synced.
  ///
  /// Returns what went to memory.
  mutating func finish(status: Int) throws(Failure) -> [UInt8] {
    if path != nil, (200..<300).contains(status) {
      try open()
      guard fsync(descriptor) == 0 else { throw notWritten() }
      close(descriptor)
      descriptor = -1
    }
    return bytes
  }

  /// Removes a file that is not complete.
  mutating func abandon() {
    guard descriptor >= 0, let path else { return }
    discard(descriptor, path)
    descriptor = -1
  }

  private var path: String? {
    switch destination {
    case .memory: nil
    case .file(let path), .appended(let path): path
    }
  }

  private mutating func open() throws(Failure) {
    guard descriptor < 0, let path else { return }
    if case .appended = destination {
      descriptor = openForAppending(path)
    } else {
      descriptor = openForWriting(path)
    }
    if descriptor < 0 { throw notWritten() }
  }

  private mutating func writeAll(_ piece: UnsafeRawBufferPointer) throws(Failure) {
    var rest = piece[...]
    while !rest.isEmpty {
      let written = writeBytes(
        descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
      if written < 0 && errno == EINTR { continue }
      guard written > 0 else { throw notWritten() }
      rest = rest.dropFirst(written)
    }
  }

  /// The failure of the call just made; the file is removed.
  private mutating func notWritten() -> Failure {
    let failure = Failure(reason: .notWritten(errno: errno))
    abandon()
    return failure
  }
}
