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
    try files.read(place, into: &bytes)
    guard case .succeeded(let message) = ResultRow(bytes.bytes, using: &tape).outcome else {
      throw files.damaged(place, "the row at byte \(place.row.lowerBound) is not an answer")
    }
    return message
  }
}
