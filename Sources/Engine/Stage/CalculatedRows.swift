internal import Ledger
internal import Pipelines
internal import Records
internal import Templates

/// Makes rows of a stage that asks nobody: the identity of a record's answer is what is calculated from it.
final class CalculatedRows: RowMaker {
  private let calculation: Calculation
  private let lens: RecordLens
  private let lensBefore: RecordLens?

  init(_ stage: StagePlan, _ fields: [SetField], readsBefore: RecordReads? = nil) {
    lensBefore = readsBefore.map { RecordLens(stage, reading: $0) }
    calculation = Calculation(fields)
    lens = RecordLens(stage)
  }

  func add(
    _ fed: FedRecord, _ scope: TemplateScope, to batch: AdmissionBatch
  ) throws(RunError) {
    let start = batch.keys.count
    try lens.appendKey(of: fed, scope, to: &batch.keys)
    let outputStart = batch.requests.count
    let rejection = calculate(fed, scope, into: batch)
    let output = outputStart..<batch.requests.count
    var row = AdmissionBatch.Row(
      key: start..<batch.keys.count, line: fed.record.line,
      content: ContentHash(of: UnsafeBufferPointer(rebasing: batch.requests.bytes[output])),
      fields: try lens.fieldsHash(scope), request: output,
      tokens: AdmissionBatch.Tokens(low: 0, likely: 0, high: 0), rejection: rejection)
    row.fieldsBefore = try lensBefore?.fieldsHash(scope)
    batch.rows.append(row)
  }

  /// Adds the output where a request would be, and says why there is none.
  private func calculate(
    _ fed: FedRecord, _ scope: TemplateScope, into batch: AdmissionBatch
  ) -> AdmissionBatch.Rejection? {
    if case .rejected(let rejection) = fed.standing { return rejection }
    do throws(RenderError) {
      try calculation.output(of: scope).appendJSON(to: &batch.requests)
      return nil
    } catch {
      return AdmissionBatch.Rejection(reason: "template-error", detail: "\(error)")
    }
  }
}
