internal import Ledger
internal import Pipelines
internal import Providers
internal import Records

/// Which of several records with one key is the stage's, by `on_duplicate`: the first, or the last.
///
/// The last of a key is known only when all records were read, which therefore happens here once before. In memory are
/// hashes of the keys, while all are read; afterwards, of those that several records have.
final class RepeatedKeys {
  private enum Rule {
    /// There is one of each key: a reading refuses others.
    case all
    case first
    case last
  }

  private let rule: Rule
  private var seen: Set<ContentHash> = []
  /// How many records of a key are still to come, where there are several.
  private var toCome: [ContentHash: Int] = [:]

  /// Reads the records of a stage once where the last of a key counts.
  ///
  /// - Throws: `SourceError`, `LedgerError`, `RunError`.
  init(
    _ stage: StagePlan, of plan: PipelinePlan, in folder: StateFolder, ledger: RunLedger?,
    catalog: Catalogs
  ) throws {
    switch stage.onDuplicate {
    case .error: rule = .all
    case .first: rule = .first
    case .last:
      rule = .last
      try count(
        RecordFeed(stage, of: plan, in: folder, ledger: ledger, catalog: catalog),
        RecordLens(stage))
    }
  }

  private func count(_ feed: RecordFeed, _ lens: RecordLens) throws {
    var key = ByteBuffer()
    while let fed = try feed.next() {
      guard fed.isItem else { continue }
      key.removeAll()
      try lens.appendKey(of: fed, feed.scope, to: &key)
      let hash = ContentHash(of: key.bytes)
      if !seen.insert(hash).inserted { toCome[hash, default: 1] += 1 }
    }
    seen = []
  }

  /// Whether the next record is the one that counts. It is asked about each item's record, in order.
  func counts(_ key: UnsafeBufferPointer<UInt8>) -> Bool {
    switch rule {
    case .all: return true
    case .first: return seen.insert(ContentHash(of: key)).inserted
    case .last:
      if toCome.isEmpty { return true }
      let hash = ContentHash(of: key)
      guard let count = toCome[hash] else { return true }
      toCome[hash] = count - 1
      return count == 1
    }
  }
}
