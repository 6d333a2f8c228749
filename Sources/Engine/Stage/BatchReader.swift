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
  private var isAtEnd = false
  /// What was read so far.
  private(set) var counts = ReadingSession.Counts()

  init(_ source: RecordFeed, _ rows: any RowMaker) {
    self.source = source
    self.rows = rows
  }

  /// Fills a batch anew; it stays empty at the end of the source.
  func fill(_ batch: AdmissionBatch) throws {
    batch.removeAll()
    while !isAtEnd, batch.rows.count < Self.rowLimit, batch.requests.count < Self.byteLimit {
      guard let fed = try source.next() else {
        isAtEnd = true
        return
      }
      counts.read += 1
      switch fed.standing {
      case .skipped: counts.skipped += 1
      case .filtered: counts.filtered += 1
      case .taken, .rejected: try rows.add(fed, source.scope, to: batch)
      }
    }
  }
}
