internal import Ledger
internal import Pipelines
internal import Providers
internal import Records
internal import Templates

/// The records of a stage that another one reads, each with its accepted answer.
final class UpstreamAnswers: FeedStep {
  private let feed: RecordFeed
  private let stage: StagePlan
  private let onRejected: UpstreamRejectionPolicy
  private let lens: RecordLens
  private let walk: AnswerWalk
  private let outputs: StageOutputs
  private let null = JSONHolder(.null)
  private var key = ByteBuffer()
  private var stagesTape = JSONTape()
  private let repeated: RepeatedKeys
  private(set) var scope: TemplateScope

  init(
    _ stage: StagePlan, of plan: PipelinePlan, _ feed: RecordFeed,
    onRejected: UpstreamRejectionPolicy, in folder: StateFolder, ledger: RunLedger,
    catalog: Catalogs
  ) throws {
    self.stage = stage
    repeated = try RepeatedKeys(stage, of: plan, in: folder, ledger: ledger, catalog: catalog)
    self.feed = feed
    self.onRejected = onRejected
    scope = feed.scope
    lens = RecordLens(stage)
    let number = try ledger.stageID(stage.name)
    walk = try AnswerWalk(ledger, stage: number)
    outputs = try StageOutputs(stage, in: folder, ledger: ledger, catalog: catalog)
  }

  /// The next record that is an item of the stage, or that the stage skipped.
  func next() throws -> FedRecord? {
    while let fed = try feed.next() {
      scope = feed.scope
      switch fed.standing {
      case .filtered: continue
      case .skipped: return FedRecord(record: fed.record, key: nil, standing: .skipped)
      case .taken, .rejected: break
      }
      key.removeAll()
      try lens.appendKey(of: fed, scope, to: &key)
      guard repeated.counts(key.bytes) else { continue }
      let kept = try walk.find(key.bytes)
      let fields = try lens.fieldsHash(scope)
      let standing = try answer(kept.flatMap { $0.fields == fields ? $0 : nil }, fed)
      return FedRecord(record: fed.record, key: key.bytes, standing: standing)
    }
    return nil
  }

  /// Brings what the ledger has for the record, as it is now, into scope.
  private func answer(_ kept: KeptAnswer?, _ fed: FedRecord) throws -> FedRecord.Standing {
    if let kept, let output = try outputs.output(of: kept, scope, line: fed.record.line) {
      bringIntoScope(output)
      return .taken
    }
    guard let kept, kept.state == .rejected else { return .skipped }
    switch onRejected {
    case .skip: return .skipped
    case .fail:
      return .rejected(
        AdmissionBatch.Rejection(
          reason: "upstream-rejected",
          detail: "the stage '\(stage.name)' rejected it" + (kept.reason.map { ": \($0)" } ?? "")))
    case .null:
      bringIntoScope(null.view)
      return .taken
    }
  }

  private func bringIntoScope(_ answer: JSONView) {
    let stages = stages(with: answer)
    scope[.output] = answer
    scope[.stages] = stages
  }

  private func stages(with answer: JSONView) -> JSONView {
    let above = feed.scope[.stages]
    stagesTape.beginBuilding()
    stagesTape.beginObject()
    for member in above?.members ?? answer.noMembers {
      stagesTape.buildKey(member.key.text)
      stagesTape.build(member.value)
    }
    stagesTape.buildKey(stage.name)
    stagesTape.beginObject()
    stagesTape.buildKey("output")
    stagesTape.build(answer)
    stagesTape.end()
    stagesTape.end()
    return stagesTape.built
  }
}

extension JSONView {
  /// A walk over nothing.
  fileprivate var noMembers: Members {
    var all = members
    while all.next() != nil {}
    return all
  }
}
