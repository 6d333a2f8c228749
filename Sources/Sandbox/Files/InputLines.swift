#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif
internal import Records

/// The lines of a file that a client sent: also the last one, when it has no line end.
struct InputLines: ~Copyable {
  private var reader: LineReader
  private let byteCount: Int
  private var end = 0

  /// Opens a file; nil when it is not there.
  init?(_ path: String) {
    var facts = stat()
    guard stat(path, &facts) == 0, let reader = LineReader(path) else { return nil }
    self.reader = reader
    byteCount = Int(facts.st_size)
  }

  /// Whether the last line that was given had no line end.
  private(set) var isUnended = false

  /// The next line without its line end, valid until the next call; nil at the end.
  mutating func next() -> UnsafeBufferPointer<UInt8>? {
    if let line = reader.next() {
      end = reader.lineOffset + line.count + 1
      return line
    }
    guard end < byteCount, !isUnended else { return nil }
    isUnended = true
    return reader.unended
  }
}
