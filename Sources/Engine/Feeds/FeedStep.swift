internal import Ledger
internal import Records
internal import Templates

/// One step of a feed: it reads records from the step below it, and passes them on, marks them, or makes others of them.
///
/// A borrowed look: a record and its scope are valid until the next `next()`.
protocol FeedStep: AnyObject {
  /// What templates and expressions see of the last record.
  var scope: TemplateScope { get }

  /// The next record, nil after the last.
  ///
  /// - Throws: `SourceError`, `LedgerError`, `RunError`.
  func next() throws -> FedRecord?
}

/// A record on its way to a stage.
struct FedRecord {
  /// What becomes of a record.
  enum Standing {
    /// The stage works on it.
    case taken
    /// `where` left it out.
    case filtered
    /// The stage cannot work on it: its upstream record has no accepted answer.
    case skipped
    /// It is one of the stage's, and cannot be asked.
    case rejected(AdmissionBatch.Rejection)
  }

  /// What is read.
  let record: Record
  /// Its key, where a step below knows or makes it; nil where the stage's own `key` says it.
  let key: UnsafeBufferPointer<UInt8>?
  /// What becomes of it.
  let standing: Standing

  /// Whether it is an item of the stage.
  var isItem: Bool {
    switch standing {
    case .taken, .rejected: true
    case .filtered, .skipped: false
    }
  }

  /// The same record with another standing.
  func standing(_ standing: Standing) -> FedRecord {
    FedRecord(record: record, key: key, standing: standing)
  }
}
