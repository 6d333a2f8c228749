internal import Ledger
internal import Pipelines
internal import Records
internal import Templates

/// What `join` makes: each record with the one of another stage or dataset that belongs to it.
final class JoinedRecords: FeedStep {
  private let below: any FeedStep
  private let plan: JoinPlan
  private let stage: StagePlan
  private let side: JoinedSide
  private let null = JSONHolder(.null)
  private var renderer = Renderer()
  private var keyTape = JSONTape()
  private var stagesTape = JSONTape()
  private var key = ByteBuffer()
  private(set) var scope: TemplateScope

  init(_ below: any FeedStep, _ plan: JoinPlan, of stage: StagePlan, _ side: JoinedSide) {
    self.below = below
    self.plan = plan
    self.stage = stage
    self.side = side
    scope = below.scope
  }

  /// The next record.
  ///
  /// - Throws: `RunError`, and what the steps below and at its side throw.
  func next() throws -> FedRecord? {
    guard let fed = try below.next() else { return nil }
    scope = below.scope
    scope[.joined] = null.view
    guard case .taken = fed.standing else { return fed }
    key.removeAll()
    switch readKey() {
    case .success: break
    case .failure(let problem): return fed.standing(.rejected(problem.reason))
    }
    return fed.standing(try standing())
  }

  private func standing() throws -> FedRecord.Standing {
    switch key.count > 0 ? try side.find(key.bytes) : .nothing {
    case .record(let record):
      scope[.joined] = record
      scope[.stages] = stages(with: record)
      return .taken
    case .rejected:
      guard stage.onRejected == .fail else { return .skipped }
      return .rejected(
        AdmissionBatch.Rejection(
          reason: "upstream-rejected", detail: "the record that it is joined with was rejected"))
    case .nothing:
      switch plan.unmatched {
      case .null: return .taken
      case .skip: return .skipped
      case .fail:
        let text = String(decoding: key.bytes, as: UTF8.self)
        return .rejected(
          AdmissionBatch.Rejection(
            reason: "unmatched",
            detail: key.count == 0 ? "it has no key to join with" : "nothing has the key '\(text)'")
        )
      }
    }
  }

  /// Reads the key of what belongs to the record; it stays empty where that is null.
  private func readKey() -> Result<Void, ItemRejection> {
    keyTape.beginBuilding()
    do throws(RenderError) {
      try plan.on.evaluate(below.scope, using: &renderer, into: &keyTape)
    } catch {
      return .failure(ItemRejection("template-error", "\(error)"))
    }
    let value = keyTape.built
    switch value.kind {
    case .null: break
    case .string, .number: value.appendText(to: &key)
    default:
      return .failure(
        ItemRejection(
          "not-a-key", "'join' looks up a string or a number, and this is \(value.kind)"))
    }
    return .success(())
  }

  /// `stages` with those that the joined record builds on.
  private func stages(with record: JSONView) -> JSONView? {
    let own = below.scope[.stages]
    guard let others = record["stages"] else { return own }
    stagesTape.beginBuilding()
    stagesTape.beginObject()
    if let own {
      for member in own.members {
        stagesTape.buildKey(member.key.text)
        stagesTape.build(member.value)
      }
    }
    for member in others.members where own?[member.key.text] == nil {
      stagesTape.buildKey(member.key.text)
      stagesTape.build(member.value)
    }
    stagesTape.end()
    return stagesTape.built
  }
}
