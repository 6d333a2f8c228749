internal import Ledger
internal import Pipelines
internal import Records

extension StageRun {
  /// Where the next reading begins; nil when everything is read: without `since`, at the first time, when the way of asking or
  /// the filter changed, when records of before have to be read again, and when a person wants it.
  ///
  /// - Throws: `LedgerError`.
  func lowerBound(under plan: Int64) throws(LedgerError) -> LowerBound? {
    guard let since = stage.since, !settings.readsEverything,
      let record = try ledger.stage(named: stage.name), record.plan == plan,
      record.templateHash == stage.transformHash, record.reads == stage.reads.mark,
      let mark = record.watermark.flatMap(Watermark.init), try !ledger.hasUnread(ofStage: number)
    else { return nil }
    return mark.bound(since)
  }

  /// Up to where the source was read after a reading: never lower than before. Nil without `since`.
  ///
  /// - Throws: `LedgerError`.
  func watermark(after highest: JSONValue?) throws -> String? {
    guard let since = stage.since, let highest else { return nil }
    return Watermark(field: since.field, value: highest).text
  }
}
