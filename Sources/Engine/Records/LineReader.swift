#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif
internal import Records

/// Splits a file at byte 0x0A, and at nothing else: answers may hold U+2028, U+2029 and U+0085 as they are.
final class LineReader {
  /// A line without its line feed.
  struct Line {
    /// The bytes; valid until the next line is read.
    let bytes: UnsafeBufferPointer<UInt8>
    /// Where they lie in the file.
    let range: Range<Int>
  }

  private static let readSize = 1 << 20

  private let stream: any ByteReader
  private var buffer = ByteBuffer(capacity: 2 << 20)
  private var position = 0
  /// The offset in the file of the buffer's first byte.
  private var origin = 0
  private var isAtEnd = false

  init(_ stream: any ByteReader) { self.stream = stream }

  /// The next line; nil after the last. A last line without a line feed counts.
  ///
  /// - Throws: `SourceError` when the file cannot be read.
  func next() throws(SourceError) -> Line? {
    var searched = position
    while true {
      let rest = buffer.count - searched
      if rest > 0, let found = memchr(buffer.start + searched, 0x0A, rest) {
        let end = found.assumingMemoryBound(to: UInt8.self) - buffer.start
        return take(to: end, skipping: 1)
      }
      if isAtEnd { return position < buffer.count ? take(to: buffer.count, skipping: 0) : nil }
      searched = buffer.count - position
      try fill()
    }
  }

  private func take(to end: Int, skipping: Int) -> Line {
    let start = position
    position = end + skipping
    return Line(
      bytes: UnsafeBufferPointer(rebasing: buffer.bytes[start..<end]),
      range: (origin + start)..<(origin + end))
  }

  /// Moves the unfinished line to the buffer's start and reads on.
  private func fill() throws(SourceError) {
    memmove(buffer.start, buffer.start + position, buffer.count - position)
    buffer.truncate(to: buffer.count - position)
    origin += position
    position = 0
    let place = buffer.reserve(Self.readSize)
    let count = try stream.read(into: place, capacity: Self.readSize)
    buffer.advance(by: count)
    isAtEnd = count == 0
  }
}
