#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// Reads a shard's lines between what stands before and behind them.
final class ShardReader: HTTPBodySource {
  /// The file is not what was packed.
  struct Changed: Error, CustomStringConvertible {
    let path: String
    var description: String { "\(path) has changed since it was packed" }
  }

  /// What becomes of the lines.
  enum Lines {
    /// The line feeds between requests become commas, the last one is left out. A raw line feed stands nowhere else, since
    /// JSON strings escape it.
    case list
    /// Nothing.
    case asTheyAre
  }

  private let descriptor: Int32
  private let path: String
  private let lines: Lines
  private var fixed: [UInt8]
  private let suffix: [UInt8]
  private var ranges: ArraySlice<Range<Int>>
  private var isClosed = false

  init(_ body: ShardBody, prefix: [UInt8], suffix: [UInt8], lines: Lines) throws {
    path = body.path
    self.lines = lines
    self.suffix = suffix
    fixed = prefix
    ranges = body.ranges.filter { !$0.isEmpty }[...]
    descriptor = openForReading(body.path)
    if descriptor < 0 { throw SystemError.last }
    for range in ranges {
      var last: UInt8 = 0
      guard pread(descriptor, &last, 1, off_t(range.upperBound - 1)) == 1, last == 0x0A else {
        throw Changed(path: path)
      }
    }
    guard lines == .list else { return }
    guard let last = ranges.popLast() else { throw Changed(path: path) }
    ranges.append(last.lowerBound..<last.upperBound - 1)
  }

  deinit {
    close(descriptor)
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    if fixed.isEmpty, let range = ranges.first {
      let length = try readLines(range, into: buffer)
      let rest = range.dropFirst(length)
      ranges.removeFirst()
      if !rest.isEmpty { ranges.insert(rest.startIndex..<rest.endIndex, at: ranges.startIndex) }
      return length
    }
    if fixed.isEmpty && !isClosed {
      fixed = suffix
      isClosed = true
    }
    let length = min(buffer.count, fixed.count)
    buffer.copyBytes(from: fixed.prefix(length))
    fixed.removeFirst(length)
    return length
  }

  private func readLines(
    _ range: Range<Int>, into buffer: UnsafeMutableRawBufferPointer
  ) throws -> Int {
    let wanted = min(buffer.count, range.count)
    var got = 0
    repeat {
      got = pread(descriptor, buffer.baseAddress, wanted, off_t(range.lowerBound))
    } while got < 0 && errno == EINTR
    if got < 0 { throw SystemError.last }
    if got == 0 { throw Changed(path: path) }
    guard lines == .list else { return got }
    var rest = UnsafeMutableRawBufferPointer(rebasing: buffer[..<got])
    while let base = rest.baseAddress, let feed = memchr(base, 0x0A, rest.count) {
      feed.storeBytes(of: 0x2C, as: UInt8.self)
      rest = UnsafeMutableRawBufferPointer(rebasing: rest[(feed - base + 1)...])
    }
    return got
  }
}

extension UnsafeBufferPointer<UInt8> {
  /// The bytes of a literal.
  init(_ literal: StaticString) {
    self.init(start: literal.utf8Start, count: literal.utf8CodeUnitCount)
  }
}
