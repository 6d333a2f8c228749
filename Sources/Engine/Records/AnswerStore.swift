internal import Ledger
internal import Pipelines
internal import Providers
internal import Records
internal import Schemas

/// Reads accepted answers from the raw results files. One per task: it holds the scratch.
final class AnswerStore {
  private let files: AnswerFiles
  private let text: AnswerText
  private let row = AnswerRow()

  init(
    _ stage: StagePlan, addedNulls: AddedNulls?, in folder: StateFolder, ledger: RunLedger
  ) throws {
    files = try AnswerFiles(in: folder, ledger: ledger)
    text = AnswerText(acceptedIn: stage, addedNulls: addedNulls)
  }

  /// The answer at a place; valid until the next call.
  ///
  /// - Throws: `RunError.stateFile` when the file is gone or is not what was accepted.
  func output(at place: AnswerPlace) throws(RunError) -> JSONView {
    try output(of: try row.message(at: place, in: files), at: place)
  }

  /// The answer in a message that was read from a place; valid until the next call.
  ///
  /// - Throws: `RunError.stateFile` when it is not what was accepted.
  func output(of message: AnswerMessage, at place: AnswerPlace) throws(RunError) -> JSONView {
    do throws(AnswerError) {
      return try text.output(of: message)
    } catch {
      throw files.damaged(place, "of the row at byte \(place.row.lowerBound), \(error)")
    }
  }

  /// Appends the text of the answer at a place, whether it was accepted or not.
  ///
  /// - Throws: `RunError.stateFile` when the file is gone or is not what was applied.
  func appendText(at place: AnswerPlace, to buffer: inout ByteBuffer) throws(RunError) {
    let message = try row.message(at: place, in: files)
    if let input = message.toolInput {
      buffer.append(input.rawBytes)
    } else {
      message.appendText(to: &buffer)
    }
  }
}
