internal import Ledger
internal import Pipelines
internal import Providers
internal import Records
internal import Templates

/// The outputs of a stage's accepted items: answers that were stored, or what is calculated anew from the record. One per
/// task: it holds the scratch.
final class StageOutputs {
  private enum Origin {
    case stored(AnswerStore)
    case calculated(Calculation)
  }

  private let stage: StagePlan
  private let origin: Origin

  init(
    _ stage: StagePlan, in folder: StateFolder, ledger: RunLedger, catalog: Catalogs
  ) throws {
    self.stage = stage
    if let fields = stage.calculation {
      origin = .calculated(Calculation(fields))
    } else {
      origin = .stored(
        try AnswerStore(
          stage, addedNulls: Asking(stage, catalog: catalog).lowering?.addedNulls, in: folder,
          ledger: ledger))
    }
  }

  /// The output of an item whose record is in scope; nil when it has none. Valid until the next call.
  ///
  /// - Throws: `RunError`.
  func output(of kept: KeptAnswer, _ scope: TemplateScope, line: Int) throws(RunError) -> JSONView?
  {
    guard kept.state == .accepted else { return nil }
    switch origin {
    case .stored(let store):
      guard let place = kept.place else { return nil }
      return try store.output(at: place)
    case .calculated(let calculation):
      do throws(RenderError) {
        return try calculation.output(of: scope)
      } catch {
        throw RunError.expression(stage: stage.name, key: nil, line: line, error)
      }
    }
  }
}
