internal import Ledger
internal import Pipelines
internal import Records

/// Reads and renders a stage's records, a batch at a time.
final class BatchReader {
  /// Records of one batch: enough that the ledger's statements are full, few enough to stay in the cache.
  private static let rowLimit = 1024
  private static let byteLimit = 3 << 19

  private let source: RecordFeed
  private let rows: any RowMaker
  private let lens: RecordLens?
  private let targetKeys: TargetKeys?
  private var isAtEnd = false
  /// What was read so far.
  private(set) var counts = ReadingSession.Counts()

  /// Prepares to read.
  ///
  /// - Parameters:
  ///   - source: The records.
  ///   - rows: What makes rows of them.
  ///   - lens: The keys of filtered records, which a partial reading tells the ledger; nil for a whole one.
  ///   - targetKeys: What the target says of keys; nil when it takes any.
  init(
    _ source: RecordFeed, _ rows: any RowMaker, leaving lens: RecordLens? = nil,
    targetKeys: TargetKeys? = nil
  ) {
    self.targetKeys = targetKeys
    self.source = source
    self.rows = rows
    self.lens = lens
  }

  /// The highest value of the field that rises with every change, so far.
  var highestValue: JSONValue? { source.highestValue }

  /// Tells that a record is none of the stage's any more.
  private func leave(_ fed: FedRecord, _ batch: AdmissionBatch) throws(RunError) {
    guard let lens else { return }
    let start = batch.keys.count
    try lens.appendKey(of: fed, source.scope, to: &batch.keys)
    batch.rows.append(
      AdmissionBatch.Row(leaving: start..<batch.keys.count, line: fed.record.line))
  }

  /// Fills a batch anew; it stays empty at the end of the source.
  func fill(_ batch: AdmissionBatch) throws {
    batch.removeAll()
    while !isAtEnd, batch.rows.count < Self.rowLimit, batch.requests.count < Self.byteLimit {
      guard let fed = try source.next() else {
        isAtEnd = true
        counts.leftOut = source.leftOut
        return
      }
      counts.read += 1
      switch fed.standing {
      case .skipped: counts.skipped += 1
      case .filtered:
        counts.filtered += 1
        try leave(fed, batch)
      case .taken, .rejected:
        try rows.add(fed, source.scope, to: batch)
        if let targetKeys, let row = batch.rows.last {
          let key = UnsafeBufferPointer(rebasing: batch.keys.bytes[row.key])
          try targetKeys.check(key, line: row.line)
        }
      }
    }
  }
}
