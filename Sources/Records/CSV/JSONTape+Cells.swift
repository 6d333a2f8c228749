#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

extension JSONTape {
  /// Makes room for a row's texts, so that appending them does not grow the storage one by one.
  mutating func reserveBytes(_ count: Int) { _ = owned.reserve(count) }

  /// Appends the text of a quoted field, of two quotes in a row one.
  mutating func appendBytes(_ text: UnsafeBufferPointer<UInt8>, halving quote: UInt8) -> Range<Int>
  {
    let start = owned.count
    guard var source = text.baseAddress else { return start..<start }
    let end = source + text.count
    while let found = memchr(source, Int32(quote), end - source) {
      let next = UnsafePointer(found.assumingMemoryBound(to: UInt8.self)) + 1
      owned.append(source, count: next - source)
      source = min(next + 1, end)
    }
    owned.append(source, count: end - source)
    return start..<owned.count
  }

  /// Starts the bytes of a new row after the first `prefix`; the nodes of the row before stay.
  mutating func beginRow(keepingBytes prefix: Int) {
    owned.truncate(to: prefix)
    owned.shrink(to: max(prefix, ReadWindow.restingCapacity))
  }

  /// The number of bytes appended so far.
  var byteCount: Int { owned.count }

  /// Makes the record of a row of which all fields are text.
  ///
  /// The nodes of such records differ in nothing but where the texts lie, so they are made once.
  mutating func buildTexts(_ names: [Range<Int>], _ spans: borrowing CSVSpans) {
    if nodeCount != 1 + 2 * spans.count {
      removeNodes()
      beginObject()
      for name in names {
        buildKey(at: name)
        buildString(at: 0..<0)
      }
      end()
    }
    var value = nodes + 2
    for column in 0..<spans.count {
      value.pointee.start = UInt32(spans.base[column].start)
      value.pointee.end = UInt32(spans.base[column].end)
      value += 2
    }
  }

  /// The bytes appended so far between two offsets.
  func ownedBytes(_ span: CSVCells.Span) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(start: owned.start + span.start, count: span.end - span.start)
  }

  /// A number whose text was appended before.
  mutating func buildNumber(at span: CSVCells.Span, isInteger: Bool) {
    countChild()
    _ = append(
      JSONNode(
        kind: .number, flags: isInteger ? .integer : [], start: UInt32(span.start),
        end: UInt32(span.end), next: UInt32(nodeCount + 1)))
  }
}
