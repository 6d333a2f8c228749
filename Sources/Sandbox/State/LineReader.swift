#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif
internal import Records

/// Reads a file line by line through one buffer that grows to the longest line.
struct LineReader: ~Copyable {
  private let descriptor: Int32
  private var buffer: UnsafeMutableRawBufferPointer
  private var start = 0
  private var end = 0
  private var isAtEnd = false
  /// The offset in the file of the line that `next` gave last.
  private(set) var lineOffset = 0
  private var consumed = 0

  /// Opens a file; nil when it is not there.
  init?(_ path: String) {
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    if descriptor < 0 { return nil }
    buffer = .allocate(byteCount: 1 << 16, alignment: 16)
  }

  deinit {
    close(descriptor)
    buffer.deallocate()
  }

  /// The next line without its line end, valid until the next call; nil at the end.
  ///
  /// A last line without line end is torn: it was being written when the process ended, and is not
  /// given.
  mutating func next() -> UnsafeBufferPointer<UInt8>? {
    var searched = 0
    while true {
      let base = buffer.baseAddress.map { $0 + start }
      if let base, end - start > searched,
        let found = memchr(base + searched, 0x0A, end - start - searched)
      {
        let length = UnsafeRawPointer(found) - UnsafeRawPointer(base)
        let line = UnsafeBufferPointer(
          start: base.assumingMemoryBound(to: UInt8.self), count: length)
        lineOffset = consumed
        consumed += length + 1
        start += length + 1
        return line
      }
      searched = end - start
      guard !isAtEnd else { return nil }
      fill()
    }
  }

  /// After the end: what stands behind the last line end, valid until the next call.
  var unended: UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(
      start: buffer.baseAddress.map { ($0 + start).assumingMemoryBound(to: UInt8.self) },
      count: end - start)
  }

  private mutating func fill() {
    guard let base = buffer.baseAddress else { return }
    if start > 0 {
      memmove(base, base + start, end - start)
      end -= start
      start = 0
    }
    if end == buffer.count {
      let larger = UnsafeMutableRawBufferPointer.allocate(
        byteCount: buffer.count * 2, alignment: 16)
      larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: buffer[0..<end]))
      buffer.deallocate()
      buffer = larger
    }
    guard let base = buffer.baseAddress else { return }
    let count = read(descriptor, base + end, buffer.count - end)
    if count <= 0 { isAtEnd = true } else { end += count }
  }
}
