/// What the ledger has for a record's key.
public struct KeptAnswer: Sendable, Equatable {
  /// The item's number.
  public let item: Int64
  /// How far the item is.
  public let state: ItemState
  /// The hash of the fields that key and templates read when the record was admitted.
  public let fields: UInt64
  /// Where the accepted answer lies.
  public let place: AnswerPlace?
  /// Why the item was rejected.
  public let reason: String?
}

/// Where a raw answer lies.
public struct AnswerPlace: Sendable, Equatable {
  /// The results file's number; `RunLedger.resultsFiles` has its path.
  public let results: Int64
  /// The row's bytes in it.
  public let row: Range<Int>
  /// Where the text that is the whole answer lies in the file, quotes included; nil when that was not noted.
  public let text: Range<Int>?

  /// Names a place.
  public init(results: Int64, row: Range<Int>, text: Range<Int>? = nil) {
    self.results = results
    self.row = row
    self.text = text
  }
}

extension KeptAnswer {
  /// Reads a row of the answer walk.
  ///
  /// - Throws: `DatabaseError`.
  init(item: Int64, _ row: RawStatement, _ places: AnswerPlaces) throws {
    self.item = item
    state = ItemState(stored: row.integer(2))
    fields = UInt64(bitPattern: row.integer(3))
    reason = row.text(4)
    if state == .accepted, let content = row.hash(6) {
      place = try places.find(item, content, plan: row.integer(5))
    } else {
      place = nil
    }
  }
}
