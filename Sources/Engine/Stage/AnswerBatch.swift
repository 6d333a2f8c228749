internal import Ledger
internal import Providers

/// A page of items with the raw rows of their answers.
///
/// Sendable because it has one owner at a time, the task that took it from a conveyor: that is its lock.
final class AnswerBatch: @unchecked Sendable {
  /// What the ledger has for the items.
  let page = AnswerPage()
  /// Which course of the reading ahead it belongs to.
  private(set) var course = 0
  private var rows: [AnswerRow] = []
  private var messages: [Result<AnswerMessage, RunError>?] = []

  /// Reads the items behind one (0: from the first) and the rows of those that are accepted; empty at the end.
  ///
  /// What is wrong with a row is told when it is asked for.
  ///
  /// - Throws: `LedgerError`.
  func fill(
    after item: Int64, course: Int, from walk: AnswerWalk, _ files: AnswerFiles
  ) throws {
    self.course = course
    try walk.load(page, after: item)
    messages.removeAll(keepingCapacity: true)
    while rows.count < page.count { rows.append(AnswerRow()) }
    for position in 0..<page.count {
      messages.append(page[position].place.map { read($0, at: position, files) })
    }
  }

  private func read(
    _ place: AnswerPlace, at position: Int, _ files: AnswerFiles
  ) -> Result<AnswerMessage, RunError> {
    do throws(RunError) {
      return .success(try rows[position].message(at: place, in: files))
    } catch {
      return .failure(error)
    }
  }

  /// The message of an item's answer, valid until the batch is filled anew; nil for an item without.
  ///
  /// - Throws: `RunError.stateFile`.
  func message(at position: Int) throws(RunError) -> AnswerMessage? {
    try messages[position]?.get()
  }
}
