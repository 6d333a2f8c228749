internal import Ledger
internal import Pipelines
internal import Records
internal import Templates

/// What `group` makes: a record for each value that records have in common, with these as its `items`, once all of them
/// were read. They wait on disk until then.
///
/// A group with an item that is rejected is rejected itself. What is filtered or skipped below comes first.
final class RecordGroups: FeedStep {
  private let below: any FeedStep
  private let plan: GroupPlan
  private let stage: StagePlan
  private let lens: RecordLens
  private let spool: GroupSpool
  private let items = GroupItems()
  private var renderer = Renderer()
  private var valueTape = JSONTape()
  private var orderTape = JSONTape()
  private var labelTape = JSONTape()
  private var recordTape = JSONTape()
  private var key = ByteBuffer()
  private var label = ByteBuffer()
  private var isSpooled = false
  /// The keys of groups with a rejected item.
  private var rejected: Set<ContentHash> = []
  private(set) var scope: TemplateScope

  init(
    _ below: any FeedStep, of stage: StagePlan, _ plan: GroupPlan, in folder: StateFolder
  ) throws {
    self.below = below
    self.plan = plan
    self.stage = stage
    lens = RecordLens(stage)
    spool = try GroupSpool(inFolder: folder.path)
    scope = below.scope
  }

  func next() throws -> FedRecord? {
    while !isSpooled {
      guard let fed = try below.next() else {
        isSpooled = true
        break
      }
      scope = below.scope
      guard fed.isItem else { return fed }
      try spool(fed)
    }
    return try spool.nextGroup().map(made)
  }

  private func spool(_ fed: FedRecord) throws {
    let value = try evaluate(plan.value, on: &valueTape, fed)
    guard value.kind == .string || value.kind == .number else {
      throw badGroup(fed, "'group' gives \(value.kind), not a string or a number")
    }
    key.removeAll()
    value.appendText(to: &key)
    if key.count == 0 { throw badGroup(fed, "'group' gives an empty text") }
    label.removeAll()
    value.appendJSON(to: &label)
    if case .rejected = fed.standing { rejected.insert(ContentHash(of: key.bytes)) }
    let place = try plan.order.map { try evaluate($0, on: &orderTape, fed) }
    let text = try items.text(of: fed, below.scope, lens)
    try spool.add(text, to: key.bytes, labelled: label.bytes, at: place, line: fed.record.line)
  }

  private func made(_ group: GroupSpool.Group) throws -> FedRecord {
    let value = try Self.parsed(group.label, on: &labelTape)
    key.removeAll()
    value.appendText(to: &key)
    recordTape.beginBuilding()
    recordTape.beginObject()
    recordTape.buildKey(plan.field)
    recordTape.build(value)
    recordTape.end()
    scope.record = recordTape.built
    for root in [ScopeRoot.output, .stages, .item, .index, .joined] { scope[root] = nil }
    scope[.items] = try items.list(of: group, in: spool, limit: plan.limit)
    let isRejected = !rejected.isEmpty && rejected.contains(ContentHash(of: key.bytes))
    return FedRecord(
      record: Record(root: recordTape.built, line: group.line), key: key.bytes,
      standing: isRejected ? .rejected(Self.rejection) : .taken)
  }

  private static let rejection = AdmissionBatch.Rejection(
    reason: "upstream-rejected", detail: "one of its items was rejected before")

  private func evaluate(
    _ expression: CompiledExpression, on tape: inout JSONTape, _ fed: FedRecord
  ) throws(RunError) -> JSONView {
    tape.beginBuilding()
    do throws(RenderError) {
      try expression.evaluate(below.scope, using: &renderer, into: &tape)
    } catch {
      throw RunError.expression(stage: stage.name, key: nil, line: fed.record.line, error)
    }
    return tape.built
  }

  private func badGroup(_ fed: FedRecord, _ reason: String) -> RunError {
    RunError.badKey(
      stage: stage.name, source: stage.sourceName, line: fed.record.line, reason: reason)
  }

  private static func parsed(
    _ text: UnsafeBufferPointer<UInt8>, on tape: inout JSONTape
  ) throws -> JSONView {
    do {
      return try tape.parse(text)
    } catch {
      preconditionFailure("a spool gives back what it was given: \(error)")
    }
  }
}
