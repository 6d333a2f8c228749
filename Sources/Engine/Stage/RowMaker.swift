internal import Ledger
internal import Templates

/// Makes what the ledger decides about of records.
protocol RowMaker: AnyObject {
  /// Adds a record to a batch: its key, what it wants, and its identity; or why it is rejected.
  ///
  /// - Throws: `RunError.badKey`.
  func add(
    _ fed: FedRecord, _ scope: TemplateScope, to batch: AdmissionBatch
  ) throws(RunError)
}
