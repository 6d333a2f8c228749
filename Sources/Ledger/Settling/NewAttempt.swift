internal import Records

/// A row that answers what its item still wants, as a row of the table `attempts`.
struct NewAttempt: WritableRow {
  static let valueCount = 12

  let item: Int64
  let row: SettledRow

  func bind(to binder: inout RowBinder) {
    binder.bind(item)
    if row.outcome == .accepted {
      binder.bind("accepted" as StaticString)
    } else {
      binder.bind(row.outcome.rawValue)
    }
    binder.bind(row.row.map { Int64($0.lowerBound) })
    binder.bind(row.row.map { Int64($0.upperBound) })
    binder.bind(Int64(row.inputTokens))
    binder.bind(Int64(row.outputTokens))
    binder.bind(Int64(row.cacheWriteTokens))
    binder.bind(Int64(row.cacheReadTokens))
    binder.bind(row.costNano)
    binder.bind(row.detail)
    binder.bind(row.text.map { Int64($0.lowerBound) })
    binder.bind(row.text.map { Int64($0.upperBound) })
  }
}
