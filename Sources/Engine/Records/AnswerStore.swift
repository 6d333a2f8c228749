#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif
internal import Ledger
internal import Pipelines
internal import Providers
internal import Records
internal import Schemas

/// Reads accepted answers from the raw results files.
final class AnswerStore {
  private let folder: StateFolder
  private let ledger: RunLedger
  private let text: AnswerText
  private var names: [Int64: String]
  private var open: [Int64: Int32] = [:]
  private var row = ByteBuffer(capacity: 4096)
  private var tape = JSONTape()

  init(
    _ stage: StagePlan, addedNulls: AddedNulls?, in folder: StateFolder, ledger: RunLedger
  ) throws {
    self.folder = folder
    self.ledger = ledger
    names = try ledger.resultsFiles()
    text = AnswerText(acceptedIn: stage, addedNulls: addedNulls)
  }

  deinit {
    for descriptor in open.values { close(descriptor) }
  }

  /// The answer at a place; valid until the next call.
  ///
  /// - Throws: `RunError.stateFile` when the file is gone or is not what was accepted.
  func output(at place: AnswerPlace) throws(RunError) -> JSONView {
    let message = try message(at: place)
    do throws(AnswerError) {
      return try text.output(of: message)
    } catch {
      throw damaged(place, "of the row at byte \(place.row.lowerBound), \(error)")
    }
  }

  /// Appends the text of the answer at a place, whether it was accepted or not.
  ///
  /// - Throws: `RunError.stateFile` when the file is gone or is not what was applied.
  func appendText(at place: AnswerPlace, to buffer: inout ByteBuffer) throws(RunError) {
    try message(at: place).appendText(to: &buffer)
  }

  private func message(at place: AnswerPlace) throws(RunError) -> AnswerMessage {
    try readRow(place)
    guard case .succeeded(let message) = ResultRow(row.bytes, using: &tape).outcome else {
      throw damaged(place, "the row at byte \(place.row.lowerBound) is not an answer")
    }
    return message
  }

  private func readRow(_ place: AnswerPlace) throws(RunError) {
    let descriptor = try descriptor(of: place)
    row.removeAll()
    while row.count < place.row.count {
      let wanted = place.row.count - row.count
      let start = row.reserve(wanted)
      let got = pread(descriptor, start, wanted, off_t(place.row.lowerBound + row.count))
      if got < 0, errno == EINTR { continue }
      guard got > 0 else { throw damaged(place, "the file is shorter than it was") }
      row.advance(by: got)
    }
  }

  private func descriptor(of place: AnswerPlace) throws(RunError) -> Int32 {
    if let known = open[place.results] { return known }
    guard let name = names[place.results] else {
      throw damaged(place, "the ledger does not name it")
    }
    let path = folder.file(name)
    let descriptor = Self.open(path)
    guard descriptor >= 0 else {
      throw RunError.stateFile(path: path, reason: String(cString: strerror(errno)))
    }
    open[place.results] = descriptor
    return descriptor
  }

  private static func open(_ path: String) -> Int32 {
    #if canImport(Glibc)
      Glibc.open(path, O_RDONLY | O_CLOEXEC)
    #else
      Darwin.open(path, O_RDONLY | O_CLOEXEC)
    #endif
  }

  private func damaged(_ place: AnswerPlace, _ reason: String) -> RunError {
    RunError.stateFile(path: folder.file(names[place.results] ?? "results"), reason: reason)
  }
}
