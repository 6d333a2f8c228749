internal import Ledger
internal import Pipelines
internal import Providers
internal import Records
internal import Templates

/// The records of a stage that another one reads, each with its accepted answer.
final class UpstreamAnswers {
  let feed: RecordFeed
  private let stage: StagePlan
  private let lens: RecordLens
  private let walk: AnswerWalk
  private let store: AnswerStore
  private var key = ByteBuffer()
  private var stagesTape = JSONTape()
  private var seen: Set<ContentHash> = []

  /// The answer to the last record; nil when it has none.
  private(set) var output: JSONView?
  /// The answers of all ancestors to the last record.
  private(set) var stages: JSONView?

  init(
    _ stage: StagePlan, _ feed: RecordFeed, in folder: StateFolder, ledger: RunLedger,
    catalog: Catalog
  ) throws {
    self.stage = stage
    self.feed = feed
    lens = RecordLens(stage)
    let number = try ledger.stageID(stage.name)
    walk = try AnswerWalk(ledger, stage: number)
    store = try AnswerStore(
      stage, addedNulls: Asking(stage, catalog: catalog).lowering?.addedNulls, in: folder,
      ledger: ledger)
  }

  /// The next record that is an item of the stage.
  func next() throws -> RecordFeed.Fed? {
    while let fed = try feed.next() {
      output = nil
      stages = feed.stages
      if fed.isSkipped { return fed }
      guard try lens.includes(feed.scope, line: fed.record.line) else { continue }
      key.removeAll()
      try lens.appendKey(of: fed, feed.scope, to: &key)
      let kept = try walk.find(key.bytes)
      let fields = try lens.fieldsHash(feed.scope)
      if stage.onDuplicate != .error, isDropped(kept, fields) { continue }
      guard let kept, kept.state == .accepted, kept.fields == fields, let place = kept.place else {
        return RecordFeed.Fed(record: fed.record, inheritedKey: key.bytes, isSkipped: true)
      }
      let answer = try store.output(at: place)
      output = answer
      stages = stages(with: answer)
      return RecordFeed.Fed(record: fed.record, inheritedKey: key.bytes, isSkipped: false)
    }
    return nil
  }

  /// Whether `on_duplicate` dropped a record: its key was met, or the item is another record's.
  private func isDropped(_ kept: KeptAnswer?, _ fields: UInt64) -> Bool {
    if let kept, kept.fields != fields { return true }
    return !seen.insert(ContentHash(of: key.bytes)).inserted
  }

  private func stages(with answer: JSONView) -> JSONView {
    let above = feed.stages
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
