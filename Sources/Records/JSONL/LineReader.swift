#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// The lines of a text, split at byte 0x0A alone.
struct LineReader: ~Copyable {
  private var window: ReadWindow
  /// The number of the line that `next` gave last, from 1.
  private(set) var line = 0

  init(_ text: TextStream) { window = ReadWindow(text) }

  /// What error messages call the source.
  var name: String { window.name }

  /// The offset in the source of a byte of the line that `next` gave last.
  func sourceOffset(of byte: UnsafePointer<UInt8>) -> Int {
    window.sourceOffset(of: byte - UnsafePointer(window.storage))
  }

  /// The next line without its LF or CRLF, nil when there is none; valid until the next call.
  mutating func next() throws(SourceError) -> UnsafeBufferPointer<UInt8>? {
    line += 1
    var scanned = 0
    while true {
      let first = window.storage + window.start
      let length = window.end - window.start
      if let found = memchr(first + scanned, 0x0A, length - scanned) {
        let stop = UnsafePointer(found.assumingMemoryBound(to: UInt8.self)) - UnsafePointer(first)
        window.consume(to: window.start + stop + 1)
        return Self.text(first, length: stop)
      }
      if window.isAtEnd {
        guard length > 0 else { return nil }
        window.consume(to: window.end)
        return Self.text(first, length: length)
      }
      scanned = length
      try window.fill(line: line)
    }
  }

  private static func text(
    _ first: UnsafeMutablePointer<UInt8>, length: Int
  ) -> UnsafeBufferPointer<UInt8> {
    let hasReturn = length > 0 && first[length - 1] == 0x0D
    return UnsafeBufferPointer(start: first, count: hasReturn ? length - 1 : length)
  }
}
