internal import Ledger
internal import Records

/// A judged row on its way to whoever waits for it.
struct JudgedRow: Sendable {
  /// The hash of its custom_id.
  let customID: ContentHash
  private var row: SettledRow

  init(customID: ContentHash, row: SettledRow) {
    self.customID = customID
    self.row = row
  }

  /// The row, for the one who waits for it.
  consuming func settled(_ place: ShardRoster.Place) -> SettledRow {
    row.place = place
    return row
  }
}
