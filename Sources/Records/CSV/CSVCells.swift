/// The fields of one CSV row: decoded texts in one run of bytes.
///
/// Valid until the source's next row.
public struct CSVCells {
  /// Where one field's text lies.
  @usableFromInline struct Span {
    @usableFromInline var start: Int
    @usableFromInline var end: Int
  }

  @usableFromInline let base: UnsafePointer<UInt8>
  @usableFromInline let spans: UnsafePointer<Span>
  /// The number of fields.
  public let count: Int

  init(base: UnsafePointer<UInt8>, spans: UnsafePointer<Span>, count: Int) {
    self.base = base
    self.spans = spans
    self.count = count
  }

  /// The decoded text of a field.
  @inlinable public subscript(_ index: Int) -> UnsafeBufferPointer<UInt8> {
    let span = spans[index]
    return UnsafeBufferPointer(start: base + span.start, count: span.end - span.start)
  }
}
