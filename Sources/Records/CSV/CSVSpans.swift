/// The places of one row's fields; reused from row to row.
struct CSVSpans: ~Copyable {
  private(set) var base: UnsafeMutablePointer<CSVCells.Span>
  private(set) var count = 0
  private var capacity = 64
  /// The fields in which two quotes stand for one.
  private var doubledColumns: [Int] = []

  init() { base = .allocate(capacity: capacity) }

  deinit { base.deallocate() }

  subscript(_ index: Int) -> CSVCells.Span {
    get {
      precondition(index >= 0 && index < count, "a row has the field that is asked for")
      return base[index]
    }
    set {
      precondition(index >= 0 && index < count, "a row has the field that is changed")
      base[index] = newValue
    }
  }

  /// Where the last field ends; nil when there is none.
  var end: Int? { count == 0 ? nil : base[count - 1].end }
  /// How many fields have doubled quotes.
  var doubledCount: Int { doubledColumns.count }

  /// The column of one of the fields that have doubled quotes.
  func doubled(_ index: Int) -> Int { doubledColumns[index] }

  mutating func removeAll() {
    count = 0
    if !doubledColumns.isEmpty { doubledColumns.removeAll(keepingCapacity: true) }
  }

  @inline(__always) mutating func append(_ span: CSVCells.Span) {
    if count == capacity { grow() }
    (base + count).initialize(to: span)
    count += 1
  }

  /// Notes that the field which is appended next has doubled quotes.
  mutating func noteDoubledQuotes() { doubledColumns.append(count) }

  /// Moves all places.
  mutating func move(by distance: Int) {
    for index in 0..<count {
      base[index].start += distance
      base[index].end += distance
    }
  }

  private mutating func grow() {
    let moved = UnsafeMutablePointer<CSVCells.Span>.allocate(capacity: capacity * 2)
    moved.moveInitialize(from: base, count: count)
    base.deallocate()
    base = moved
    capacity *= 2
  }
}
