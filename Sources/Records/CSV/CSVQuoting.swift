#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// The text of one field in a CSV file.
enum CSVQuoting {
  /// Appends a text, in quotes when it holds a delimiter, a quote or a line end.
  static func append(
    _ text: UnsafeBufferPointer<UInt8>, _ dialect: CSVDialect, to buffer: inout ByteBuffer
  ) {
    guard let base = text.baseAddress else { return }
    guard needsQuotes(base, count: text.count, dialect) else {
      buffer.append(base, count: text.count)
      return
    }
    buffer.append(dialect.quote)
    var position = 0
    while let found = memchr(base + position, Int32(dialect.quote), text.count - position) {
      let next = UnsafePointer(found.assumingMemoryBound(to: UInt8.self)) - base + 1
      buffer.append(base + position, count: next - position)
      buffer.append(dialect.quote)
      position = next
    }
    buffer.append(base + position, count: text.count - position)
    buffer.append(dialect.quote)
  }

  private static func needsQuotes(
    _ base: UnsafePointer<UInt8>, count: Int, _ dialect: CSVDialect
  ) -> Bool {
    var position = 0
    while count - position >= 8 {
      let word = UnsafeRawPointer(base + position).loadUnaligned(as: UInt64.self)
      let found =
        SWAR.equal(word, to: dialect.delimiter) | SWAR.equal(word, to: dialect.quote)
        | SWAR.equal(word, to: 0x0A) | SWAR.equal(word, to: 0x0D)
      if found != 0 { return true }
      position += 8
    }
    while position < count {
      let byte = base[position]
      if byte == dialect.delimiter || byte == dialect.quote || byte == 0x0A || byte == 0x0D {
        return true
      }
      position += 1
    }
    return false
  }
}
