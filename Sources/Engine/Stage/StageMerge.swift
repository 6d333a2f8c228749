internal import Ledger
internal import Pipelines
internal import Providers
internal import Records
internal import Templates

/// One merge: the source's records once more, in their order, each with what the pipeline sets from its answer.
///
/// A record gets an answer only if the fields that key and templates read are those it was admitted with. While one
/// task reads records and writes, another one reads the ledger and the answers ahead of it.
final class StageMerge {
  private let run: StageRun
  private let merge: MergePlan
  private let lens: RecordLens
  private let feed: RecordFeed
  private let answers: AnswersAhead
  private let calculation: Calculation?
  private let target: MergeTarget
  private let fields: MergedFields
  private var nulls = JSONTape()
  private var key = ByteBuffer()
  private let repeated: RepeatedKeys
  private var outcome: MergeOutcome

  /// Opens the source and, beside the target, what will become the output.
  init(_ run: StageRun, _ merge: MergePlan) throws {
    self.run = run
    self.merge = merge
    lens = RecordLens(run.stage)
    feed = try RecordFeed(
      run.stage, of: run.plan, in: run.folder, ledger: run.ledger, catalog: run.settings.catalog)
    repeated = try RepeatedKeys(
      run.stage, of: run.plan, in: run.folder, ledger: run.ledger, catalog: run.settings.catalog)
    answers = try AnswersAhead(run)
    calculation = run.stage.calculation.map(Calculation.init)
    target = try MergeTarget(merge, fields: feed.fields, dialect: feed.dialect, in: run.folder)
    fields = MergedFields(merge.set, try Self.combined(merge, run))
    outcome = MergeOutcome(target: merge.target.file.shownPath)
    nulls.beginBuilding()
    nulls.beginObject()
    for field in merge.set {
      nulls.buildKey(field.name)
      nulls.buildNull()
    }
    nulls.end()
  }

  /// The answers of the stages that the merge reads besides those that its own builds on.
  private static func combined(_ merge: MergePlan, _ run: StageRun) throws -> [StageAnswers] {
    try merge.combined.compactMap { run.plan.stage($0) }.map {
      try StageAnswers(
        $0, of: run.plan, in: run.folder, ledger: run.ledger, catalog: run.settings.catalog)
    }
  }

  /// Writes everything, or nothing.
  ///
  /// - Throws: `RunError`, `SourceError`, `LedgerError`, `WriteError`; the target is as it was.
  func write() async throws -> MergeOutcome {
    let (supply, run) = (answers.supply, run)
    // Ends with this function, which cancels it.
    async let _ = supply.load(run)
    do {
      try await writeRecords()
      if merge.missing == .error, outcome.missing > 0 {
        throw RunError.missingAnswers(stage: run.stage.name, count: outcome.missing)
      }
      try target.finish(&outcome)
      return outcome
    } catch {
      target.abandon()
      throw error
    }
  }

  private func writeRecords() async throws {
    while let fed = try feed.next() {
      if outcome.written & 0xFFF == 0 { try Task.checkCancellation() }
      if answers.needsBatch { try await answers.advance() }
      try write(fed)
    }
  }

  private func write(_ fed: FedRecord) throws {
    switch fed.standing {
    case .skipped: return try writeMissing(fed)
    case .filtered:
      outcome.filtered += 1
      if merge.filtered == .keep, !run.stage.makesRecords { try target.keep(fed.record) }
      return
    case .taken, .rejected: break
    }
    key.removeAll()
    try lens.appendKey(of: fed, feed.scope, to: &key)
    guard repeated.counts(key.bytes) else { return }
    let found = try answers.find(key.bytes)
    let kept = found?.kept
    let fields = try lens.fieldsHash(feed.scope)
    guard let found, let kept, kept.fields == fields, kept.state != .removed else {
      outcome.changed += 1
      return try writeMissing(fed)
    }
    guard kept.state == .accepted else { return try writeMissing(fed) }
    if let calculation {
      try writeAnswer(fed, try calculate(calculation, fed))
    } else if let place = kept.place {
      try writeAnswer(fed, try answers.output(of: found, at: place))
    } else {
      try writeMissing(fed)
    }
  }

  private func calculate(_ calculation: Calculation, _ fed: FedRecord) throws(RunError) -> JSONView
  {
    do throws(RenderError) {
      return try calculation.output(of: feed.scope)
    } catch {
      throw failure(error, fed)
    }
  }

  private func failure(_ error: RenderError, _ fed: FedRecord) -> RunError {
    RunError.expression(
      stage: run.stage.name, key: String(decoding: key.bytes, as: UTF8.self),
      line: fed.record.line, error)
  }

  private func writeMissing(_ fed: FedRecord) throws {
    // A record that no stage works on has nothing of the others', either.
    if fed.isItem, !merge.combined.isEmpty { return try writeFields(fed, nil) }
    outcome.missing += 1
    // A skipped record is none of those that the stage would have made of it.
    if merge.missing == .null, fed.isItem || !run.stage.makesRecords {
      try target.write(fed.record, setting: nulls.built, isAnswer: false)
    }
  }

  private func writeAnswer(_ fed: FedRecord, _ output: JSONView) throws {
    try writeFields(fed, output)
  }

  /// Writes a record with what there is: its own answer, nil when that is missing, and those of the other stages.
  private func writeFields(_ fed: FedRecord, _ output: JSONView?) throws {
    var scope = feed.scope
    scope[.output] = output
    let isMissing = try fields.bringIntoScope(&scope, of: key.bytes) || output == nil
    if isMissing { outcome.missing += 1 }
    guard !isMissing || merge.missing == .null else { return }
    let set: JSONView
    do throws(RenderError) {
      set = try fields.set(in: scope)
    } catch {
      throw failure(error, fed)
    }
    try target.write(fed.record, setting: set, isAnswer: true)
    if !isMissing { outcome.written += 1 }
  }
}
