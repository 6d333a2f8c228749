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

  /// Names a place.
  public init(results: Int64, row: Range<Int>) {
    self.results = results
    self.row = row
  }
}

extension KeptAnswer {
  /// Reads a row of the answer walk.
  init(item: Int64, _ row: RawStatement) {
    self.item = item
    state = ItemState(stored: row.integer(2))
    fields = UInt64(bitPattern: row.integer(3))
    if let results = row.optionalInteger(4), let start = row.optionalInteger(5) {
      place = AnswerPlace(results: results, row: Int(start)..<Int(row.integer(6)))
    } else {
      place = nil
    }
    reason = row.text(7)
  }
}
