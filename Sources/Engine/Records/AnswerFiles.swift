#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif
internal import Ledger
internal import Pipelines
internal import Records

/// The raw results files that accepted answers lie in. One per task: it holds them open.
final class AnswerFiles {
  private let folder: StateFolder
  private let names: [Int64: String]
  private var open: [Int64: Int32] = [:]

  init(in folder: StateFolder, ledger: RunLedger) throws {
    self.folder = folder
    names = try ledger.resultsFiles()
  }

  deinit {
    for descriptor in open.values { close(descriptor) }
  }

  /// Reads the row at a place in place of what is in a buffer.
  ///
  /// - Throws: `RunError.stateFile` when the file is gone or shorter than it was.
  func read(_ place: AnswerPlace, into row: inout ByteBuffer) throws(RunError) {
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

  /// The error that a results file is not what it was when its rows were accepted.
  func damaged(_ place: AnswerPlace, _ reason: String) -> RunError {
    RunError.stateFile(path: folder.file(names[place.results] ?? "results"), reason: reason)
  }
}
