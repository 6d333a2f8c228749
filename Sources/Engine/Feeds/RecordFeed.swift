internal import Ledger
internal import Pipelines
internal import Providers
internal import Records
internal import Templates

/// The records that a stage works on, one after the other. Its steps: what is read (a source, or a stage with its
/// answers), `where`, and what makes other records of those that are left.
///
/// Reading, merging and the stages above go through the same feed, and so see the same records in the same order.
final class RecordFeed {
  private let last: any FeedStep
  private var highest: () -> JSONValue? = { nil }
  private var source: (any RecordSource)?
  /// The columns of the source that are known beforehand; nil for JSONL.
  let fields: [String]?
  /// How a CSV source is written.
  let dialect: CSVDialect?

  /// Opens the feed of a stage, and of the stages below it.
  ///
  /// - Throws: `SourceError`, `LedgerError`.
  init(
    _ stage: StagePlan, of plan: PipelinePlan, in folder: StateFolder, ledger: RunLedger?,
    catalog: Catalogs, from bound: LowerBound? = nil
  ) throws {
    var step: any FeedStep
    var columns: [String]?
    if let name = stage.source.upstream, let upstream = plan.stage(name) {
      guard let ledger else { preconditionFailure("a stage's answers are read from a ledger") }
      let feed = try RecordFeed(upstream, of: plan, in: folder, ledger: ledger, catalog: catalog)
      step = try UpstreamAnswers(
        upstream, of: plan, feed, onRejected: stage.onRejected, in: folder, ledger: ledger,
        catalog: catalog)
      (columns, dialect) = (feed.fields, feed.dialect)
    } else {
      let spool = PlannedFile(path: folder.standardInput, shownPath: "standard input")
      let source = try stage.source.open(spooled: spool, from: bound)
      let records = SourceRecords(source, vars: plan.vars, watching: stage.since, from: bound)
      highest = { records.highest }
      self.source = source
      step = records
      (columns, dialect) = (source.fields, (source as? CSVSource)?.dialect)
    }
    if let join = stage.join {
      let others = try JoinedSide(
        join, of: stage, in: plan, folder: folder, ledger: ledger, catalog: catalog)
      step = JoinedRecords(step, join, of: stage, others)
    }
    if let filter = stage.filter { step = FilteredRecords(step, filter, stage: stage.name) }
    switch stage.reshaping {
    case .each(let list): step = ListElements(step, of: stage, ExpressionList(list))
    case .split(let plan): step = ListElements(step, of: stage, ChunkList(plan))
    case .group(let plan):
      step = try RecordGroups(step, of: stage, plan, in: folder)
      columns = [plan.field]
    case nil: break
    }
    fields = columns
    last = step
  }

  /// What templates and expressions see of the last record.
  var scope: TemplateScope { last.scope }

  /// The highest value so far of the field that rises with every change; nil without one.
  var highestValue: JSONValue? { highest() }

  /// The rows of the source that it left out so far because they are no records; nil for none.
  var leftOut: LeftOutRows? {
    guard let source = source as? CSVSource, source.skippedRows > 0 else { return nil }
    return LeftOutRows(
      count: source.skippedRows, firstLines: source.skipped.prefix(5).compactMap(\.line))
  }

  /// The next record, nil after the last.
  ///
  /// - Throws: `SourceError`, `LedgerError`, `RunError`.
  func next() throws -> FedRecord? { try last.next() }
}
