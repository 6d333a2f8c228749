internal import Ledger
internal import Pipelines
internal import Providers
internal import Records
internal import Templates

/// The records that `join` looks up: put on disk, by their keys, before the first is looked for.
final class JoinedSide {
  /// What belongs to a key.
  enum Found {
    case record(JSONView)
    /// The stage rejected it.
    case rejected
    case nothing
  }

  private let plan: JoinPlan
  private let stage: StagePlan
  private let feed: any FeedStep
  private let index: RowIndex
  private let name: String
  /// Reads keys of a stage's records; nil for a dataset.
  private let lens: RecordLens?
  private let items = GroupItems()
  private var renderer = Renderer()
  private var keyTape = JSONTape()
  private var tape = JSONTape()
  private var key = ByteBuffer()
  private var text = ByteBuffer()
  private var isRead = false

  init(
    _ plan: JoinPlan, of stage: StagePlan, in pipeline: PipelinePlan, folder: StateFolder,
    ledger: RunLedger?, catalog: Catalogs
  ) throws {
    self.plan = plan
    self.stage = stage
    index = try RowIndex(inFolder: folder.path)
    switch plan.with {
    case .dataset(let source):
      name = source.file?.shownPath ?? "dataset"
      feed = SourceRecords(try source.open(), vars: pipeline.vars)
      lens = nil
    case .stage(let other):
      guard let ledger, let other = pipeline.stage(other) else {
        preconditionFailure("a stage's answers are read from a ledger")
      }
      name = "stage '\(other.name)'"
      // What it rejected must be found, to be told from what it never had.
      feed = try UpstreamAnswers(
        other, of: pipeline,
        RecordFeed(other, of: pipeline, in: folder, ledger: ledger, catalog: catalog),
        onRejected: stage.onRejected == .null ? .null : .fail, in: folder, ledger: ledger,
        catalog: catalog)
      lens = RecordLens(other)
    }
  }

  /// The record with a key; valid until the next call.
  ///
  /// - Throws: `RunError.duplicateKey` when two records have one key; `SourceError`, `LedgerError`, `RunError`, `WriteError`.
  func find(_ key: UnsafeBufferPointer<UInt8>) throws -> Found {
    if !isRead { try read() }
    guard let found = try index.find(key) else { return .nothing }
    guard found.text.count > 0 else { return .rejected }
    do {
      return .record(try tape.parse(found.text))
    } catch {
      preconditionFailure("an index gives back what it was given: \(error)")
    }
  }

  private func read() throws {
    isRead = true
    while let fed = try feed.next() {
      guard fed.isItem else { continue }
      try readKey(of: fed)
      if key.count == 0 { continue }
      let place = try index.put(try row(of: fed), under: key.bytes, line: fed.record.line)
      guard case .taken(let line) = place else { continue }
      throw RunError.duplicateKey(
        stage: stage.name, source: "\(name), joined by key",
        key: String(decoding: key.bytes, as: UTF8.self), firstLine: line,
        secondLine: fed.record.line)
    }
  }

  /// What is kept of a record: nothing of one that was rejected.
  private func row(of fed: FedRecord) throws -> UnsafeBufferPointer<UInt8> {
    text.removeAll()
    guard case .taken = fed.standing else { return text.bytes }
    if let lens { return try items.text(of: fed, feed.scope, lens) }
    fed.record.root.appendJSON(to: &text)
    return text.bytes
  }

  /// Reads what a record is found by; nothing when that is null.
  private func readKey(of fed: FedRecord) throws {
    key.removeAll()
    guard let expression = plan.key else {
      try lens?.appendKey(of: fed, feed.scope, to: &key)
      return
    }
    guard case .taken = fed.standing else { return }
    keyTape.beginBuilding()
    do throws(RenderError) {
      try expression.evaluate(feed.scope, using: &renderer, into: &keyTape)
    } catch {
      throw RunError.expression(stage: stage.name, key: nil, line: fed.record.line, error)
    }
    let value = keyTape.built
    switch value.kind {
    case .string, .number: value.appendText(to: &key)
    case .null: break
    default:
      throw RunError.badKey(
        stage: stage.name, source: name, line: fed.record.line,
        reason: "the key that 'join' looks up is \(value.kind), not a string or a number")
    }
  }
}
