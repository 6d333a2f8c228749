#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// Finds the fields of one row in bytes (RFC 4180).
///
/// Pure: it reads nothing and keeps nothing.
///
/// A quote opens a quoted field only as its first byte; elsewhere in an unquoted field it is text. After the closing quote
/// nothing but a delimiter or a line end may stand.
struct CSVRowScanner {
  /// What stands after a row.
  enum Ending { case lf, crlf, cr, none }

  enum Outcome {
    /// The row's fields were appended; `next` is where the following row begins.
    case row(next: Int, Ending)
    /// The bytes end before the row does.
    case needsMore
    /// There is text after a closing quote, at this offset.
    case strayText(Int)
    /// The quote at this offset is never closed.
    case unterminated(Int)
  }

  let delimiter: UInt8
  let quote: UInt8

  /// Scans the row at `start`.
  ///
  /// - Parameters:
  ///   - base: The bytes.
  ///   - start: Where the row begins.
  ///   - end: Where the bytes end.
  ///   - isLast: Whether the source ends there, too.
  ///   - fields: Where the places of the fields' texts go, quotes excluded.
  /// - Returns: How the row ended, or why it did not.
  func scan(
    _ base: UnsafePointer<UInt8>, from start: Int, to end: Int, isLast: Bool,
    into fields: inout CSVSpans
  ) -> Outcome {
    var position = start
    while true {
      if position < end, base[position] == quote {
        let opened = position
        var hasDoubledQuotes = false
        guard let closed = closingQuote(base, after: opened, end, &hasDoubledQuotes) else {
          return isLast ? .unterminated(opened) : .needsMore
        }
        if closed + 1 == end, !isLast { return .needsMore }
        if hasDoubledQuotes { fields.noteDoubledQuotes() }
        fields.append(CSVCells.Span(start: opened + 1, end: closed))
        position = closed + 1
      } else {
        let stop = unquotedEnd(base, from: position, to: end)
        if stop == end, !isLast { return .needsMore }
        fields.append(CSVCells.Span(start: position, end: stop))
        position = stop
      }
      guard position < end else { return .row(next: end, .none) }
      switch base[position] {
      case delimiter: position += 1
      case 0x0A: return .row(next: position + 1, .lf)
      case 0x0D:
        if position + 1 == end { return isLast ? .row(next: end, .cr) : .needsMore }
        let isPair = base[position + 1] == 0x0A
        return .row(next: position + (isPair ? 2 : 1), isPair ? .crlf : .cr)
      default: return .strayText(position)
      }
    }
  }

  /// The offset of the quote that closes a field, nil when there is none before `end`.
  @inline(__always) private func closingQuote(
    _ base: UnsafePointer<UInt8>, after opened: Int, _ end: Int, _ hasDoubledQuotes: inout Bool
  ) -> Int? {
    var position = opened + 1
    while let found = memchr(base + position, Int32(quote), end - position) {
      let place = UnsafePointer(found.assumingMemoryBound(to: UInt8.self)) - base
      guard place + 1 < end, base[place + 1] == quote else { return place }
      hasDoubledQuotes = true
      position = place + 2
    }
    return nil
  }

  /// The offset of the next delimiter, CR or LF, else `end`.
  @inline(__always) private func unquotedEnd(
    _ base: UnsafePointer<UInt8>, from start: Int, to end: Int
  ) -> Int {
    var position = start
    while end - position >= 8 {
      let word = UnsafeRawPointer(base + position).loadUnaligned(as: UInt64.self).littleEndian
      let found =
        SWAR.equal(word, to: delimiter) | SWAR.equal(word, to: 0x0A) | SWAR.equal(word, to: 0x0D)
      if found != 0 { return position + found.trailingZeroBitCount >> 3 }
      position += 8
    }
    while position < end {
      let byte = base[position]
      if byte == delimiter || byte == 0x0A || byte == 0x0D { return position }
      position += 1
    }
    return end
  }
}
