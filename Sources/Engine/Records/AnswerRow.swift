internal import Ledger
internal import Providers
internal import Records

/// Room for the raw row of one accepted answer.
final class AnswerRow {
  private var bytes = ByteBuffer(capacity: 1024)
  private var tape = JSONTape()

  /// The message in the row at a place; valid until the next call.
  ///
  /// - Throws: `RunError.stateFile` when the file is gone or is not what was accepted.
  func message(at place: AnswerPlace, in files: AnswerFiles) throws(RunError) -> AnswerMessage {
    if let text = place.text { return try message(text, at: place, in: files) }
    try files.read(place.row, of: place, into: &bytes)
    guard case .succeeded(let message) = ResultRow(bytes.bytes, using: &tape).outcome else {
      throw files.damaged(place, "the row at byte \(place.row.lowerBound) is not an answer")
    }
    return message
  }

  /// The message of a text that is the whole answer, read without the rest of its row.
  private func message(
    _ text: Range<Int>, at place: AnswerPlace, in files: AnswerFiles
  ) throws(RunError) -> AnswerMessage {
    try files.read(text, of: place, into: &bytes)
    do throws(JSONError) {
      let text = try tape.parse(bytes.bytes)
      if text.kind == .string { return AnswerMessage(text: text) }
    } catch {
      throw files.damaged(place, "of the row at byte \(place.row.lowerBound), \(error)")
    }
    throw files.damaged(place, "the row at byte \(place.row.lowerBound) is not the answer it was")
  }
}
