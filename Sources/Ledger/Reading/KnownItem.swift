internal import Records

/// An item as the ledger had it when a reading came to its record.
struct KnownItem {
  static let columns = "i.content, i.plan_id, i.fields, i.state, i.shard_id, i.reason"

  let id: Int64
  let content: ContentHash?
  let plan: Int64
  let fields: UInt64
  let state: ItemState
  let shard: Int64?
  let reason: String?

  /// Reads the columns from `first` on.
  init(id: Int64, _ row: RawStatement, from first: Int32) {
    self.id = id
    content = row.hash(first)
    plan = row.integer(first + 1)
    fields = UInt64(bitPattern: row.integer(first + 2))
    state = ItemState(stored: row.integer(first + 3))
    shard = row.optionalInteger(first + 4)
    reason = row.text(first + 5)
  }

  /// Whether a record leads to what the item wants already, or was rejected for already.
  func isWhat(_ row: AdmissionBatch.Row, wantsUnder plan: Int64) -> Bool {
    if let rejection = row.rejection {
      return state == .rejected && content == nil && reason == rejection.reason
        && row.hasFields(fields)
    }
    return content == row.content && self.plan == plan && state != .removed && state != .unread
  }
}
