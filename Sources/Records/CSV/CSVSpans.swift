/// The places of one row's fields; reused from row to row.
struct CSVSpans: ~Copyable {
  private(set) var base: UnsafeMutablePointer<CSVCells.Span>
  private(set) var count = 0
  private var capacity = 64

  init() { base = .allocate(capacity: capacity) }

  deinit { base.deallocate() }

  subscript(_ index: Int) -> CSVCells.Span {
    precondition(index >= 0 && index < count, "a row has the field that is asked for")
    return base[index]
  }

  /// Where the last field ends; nil when there is none.
  var end: Int? { count == 0 ? nil : base[count - 1].end }

  mutating func removeAll() { count = 0 }

  mutating func append(_ span: CSVCells.Span) {
    if count == capacity {
      let moved = UnsafeMutablePointer<CSVCells.Span>.allocate(capacity: capacity * 2)
      moved.moveInitialize(from: base, count: count)
      base.deallocate()
      base = moved
      capacity *= 2
    }
    (base + count).initialize(to: span)
    count += 1
  }
}
