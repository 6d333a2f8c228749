internal import Ledger
internal import Pipelines
internal import Providers
internal import Records
internal import Schemas

/// Judges answers that are stored, as the pipeline says now. One per task: it holds the scratch.
final class StoredAnswerJudge {
  /// What a good answer needed.
  struct Words {
    /// What was repaired; nil for an answer that was read as it came.
    let detail: String?
  }

  private let files: AnswerFiles
  private let text: AnswerText
  private let schema: CompiledSchema?
  private let row = AnswerRow()
  private var scratch = SchemaScratch()

  init(_ run: StageRun) throws {
    files = try AnswerFiles(in: run.folder, ledger: run.ledger)
    text = AnswerText(judging: run.stage, addedNulls: run.asking.lowering?.addedNulls)
    schema = run.stage.load.schema?.compiled
  }

  /// Whether the answer at a place is what the schema asks; nil when it is not, or cannot be read any more.
  func verdict(on place: AnswerPlace) -> Words? {
    // An answer whose row is gone, or has no JSON, stays what it was judged to be.
    guard let message = try? row.message(at: place, in: files), message.stopReason.isComplete,
      let answer = try? text.output(of: message)
    else { return nil }
    if let schema {
      guard schema.isValid(answer, using: &scratch) else { return nil }
    } else if text.isBlank {
      return nil
    }
    return Words(detail: text.repairs.isEmpty ? nil : "repaired: \(text.repairs.words)")
  }
}
