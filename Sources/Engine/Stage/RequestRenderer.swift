internal import Ledger
internal import Pipelines
internal import Providers
internal import Records
internal import Templates

/// Renders one record after the other into request lines. One per task: it holds the scratch.
final class RequestRenderer: RowMaker {
  private let question: QuestionPlan
  private let asking: Asking
  private let lens: RecordLens
  private let lensBefore: RecordLens?
  private let attachments: AttachmentReader
  private var renderer = Renderer()
  private var line = RequestLine()
  private var customID = ByteBuffer(capacity: 64)

  /// Prepares to render.
  ///
  /// - Parameters:
  ///   - stage: The stage.
  ///   - asking: How it asks.
  ///   - readsBefore: The fields that were read at the reading before; nil when they are the same now.
  init(_ stage: StagePlan, _ asking: Asking, readsBefore: RecordReads? = nil) {
    question = stage.question
    lensBefore = readsBefore.map { RecordLens(stage, reading: $0) }
    self.asking = asking
    attachments = AttachmentReader(stage.question, limit: asking.check.attachmentByteLimit)
    lens = RecordLens(stage)
  }

  /// Adds a record to a batch: its key, its request, and its identity; or why it is rejected.
  ///
  /// - Throws: `RunError.badKey`. A template that cannot be rendered rejects the record instead.
  func add(
    _ fed: FedRecord, _ scope: TemplateScope, to batch: AdmissionBatch
  ) throws(RunError) {
    let keyStart = batch.keys.count
    try lens.appendKey(of: fed, scope, to: &batch.keys)
    let key = keyStart..<batch.keys.count
    let fields = try lens.fieldsHash(scope)
    requestStart = batch.requests.count
    var tokens = TokenEstimate.zero
    let rejection = rejection(of: fed, scope, key: key, &tokens, in: batch)
    if rejection != nil { batch.requests.truncate(to: requestStart) }
    let request = requestStart..<batch.requests.count
    let content = content(of: key, in: batch)
    if rejection == nil { batch.requests.append(0x0A) }
    var row = AdmissionBatch.Row(
      key: key, line: fed.record.line, content: content, fields: fields, request: request,
      tokens: AdmissionBatch.Tokens(low: tokens.low, likely: tokens.likely, high: tokens.high),
      rejection: rejection)
    row.fieldsBefore = try lensBefore?.fieldsHash(scope)
    batch.rows.append(row)
  }

  private var requestStart = 0

  /// Why a record is rejected; else its request is in the batch.
  private func rejection(
    of fed: FedRecord, _ scope: TemplateScope, key: Range<Int>, _ tokens: inout TokenEstimate,
    in batch: AdmissionBatch
  ) -> AdmissionBatch.Rejection? {
    if case .rejected(let rejection) = fed.standing { return rejection }
    let attached: [Attachment]
    do throws(AttachmentReader.Problem) {
      attached = try attachments.attachments(scope, using: &renderer)
    } catch {
      switch error {
      case .rejected(let rejection): return rejection
      case .template(let error):
        return AdmissionBatch.Rejection(reason: "template-error", detail: "\(error)")
      }
    }
    do throws(RenderError) {
      try render(
        scope, attached, key: UnsafeBufferPointer(rebasing: batch.keys.bytes[key]), into: batch)
      tokens = asking.check.tokens(of: line)
      return asking.check.problem(of: line, tokens: tokens).map {
        AdmissionBatch.Rejection(reason: $0.code, detail: $0.description)
      }
    } catch {
      return AdmissionBatch.Rejection(reason: "template-error", detail: "\(error)")
    }
  }

  private func render(
    _ scope: TemplateScope, _ attached: [Attachment], key: UnsafeBufferPointer<UInt8>,
    into batch: AdmissionBatch
  ) throws(RenderError) {
    customID.removeAll()
    CustomID.append(for: key, to: &customID)
    asking.builder.begin(&line, customID: customID.bytes, in: &batch.requests)
    if let system = question.system {
      asking.builder.beginSystem(&line, in: &batch.requests)
      try system.render(scope, using: &renderer, into: &batch.requests, escaping: .json)
    }
    for (number, turn) in question.examples.enumerated() {
      let role: RequestLine.Role = number % 2 == 0 ? .user : .assistant
      asking.builder.beginTurn(role, &line, in: &batch.requests)
      try turn.render(scope, using: &renderer, into: &batch.requests, escaping: .json)
    }
    asking.builder.beginPrompt(with: attached, &line, in: &batch.requests)
    try question.prompt.render(scope, using: &renderer, into: &batch.requests, escaping: .json)
    asking.builder.finish(&line, in: &batch.requests)
  }

  private func content(of key: Range<Int>, in batch: AdmissionBatch) -> ContentHash {
    switch question.load.identical {
    case .together: line.content
    case .separate: line.content(separatedBy: UnsafeBufferPointer(rebasing: batch.keys.bytes[key]))
    }
  }
}
