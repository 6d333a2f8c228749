internal import Pipelines
internal import Records
internal import Templates

/// Marks the records that `where` leaves out.
final class FilteredRecords: FeedStep {
  private let below: any FeedStep
  private let filter: CompiledExpression
  private let stage: String
  private var renderer = Renderer()

  init(_ below: any FeedStep, _ filter: CompiledExpression, stage: String) {
    self.below = below
    self.filter = filter
    self.stage = stage
  }

  var scope: TemplateScope { below.scope }

  /// The next record.
  ///
  /// - Throws: `RunError.expression`, and what the step below throws.
  func next() throws -> FedRecord? {
    guard let fed = try below.next() else { return nil }
    guard case .taken = fed.standing else { return fed }
    do throws(RenderError) {
      return try filter.isTrue(below.scope, using: &renderer) ? fed : fed.standing(.filtered)
    } catch {
      throw RunError.expression(stage: stage, key: nil, line: fed.record.line, error)
    }
  }
}
