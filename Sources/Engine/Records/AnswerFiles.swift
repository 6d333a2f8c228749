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
  private static let windowSize = 256 << 10
  /// How far apart two rows lie that are read in their order.
  private static let largestGap = 4096

  private let folder: StateFolder
  private let names: [Int64: String]
  private var open: [Int64: Int32] = [:]
  /// What was read ahead, where bytes are read in the order in which they lie.
  private var window = ByteBuffer(capacity: 16)
  private var windowStart = 0
  private var windowResults: Int64 = -1
  /// Where the last bytes that were read end.
  private var lastEnd = 0

  init(in folder: StateFolder, ledger: RunLedger) throws {
    self.folder = folder
    names = try ledger.resultsFiles()
  }

  deinit {
    for descriptor in open.values { close(descriptor) }
  }

  /// Reads bytes of a row's results file in place of what is in a buffer.
  ///
  /// - Parameters:
  ///   - range: Where they lie in the file.
  ///   - place: The row.
  ///   - buffer: Where they go.
  /// - Throws: `RunError.stateFile` when the file is gone or shorter than it was.
  func read(
    _ range: Range<Int>, of place: AnswerPlace, into buffer: inout ByteBuffer
  ) throws(RunError) {
    buffer.removeAll()
    if !windowHolds(range, of: place.results) {
      let isNext = (0..<Self.largestGap).contains(range.lowerBound - lastEnd)
      guard isNext, place.results == windowResults else {
        (windowResults, lastEnd) = (place.results, range.upperBound)
        window.removeAll()
        return try read(range.count, range.count, from: range.lowerBound, of: place, into: &buffer)
      }
      window.removeAll()
      windowStart = range.lowerBound
      let wanted = max(range.count, Self.windowSize)
      try read(wanted, range.count, from: windowStart, of: place, into: &window)
    }
    lastEnd = range.upperBound
    let start = range.lowerBound - windowStart
    buffer.append(UnsafeBufferPointer(rebasing: window.bytes[start..<(start + range.count)]))
  }

  private func windowHolds(_ range: Range<Int>, of results: Int64) -> Bool {
    results == windowResults && windowStart <= range.lowerBound
      && range.upperBound <= windowStart + window.count
  }

  /// Reads up to `wanted` bytes into an empty buffer, `least` or more.
  private func read(
    _ wanted: Int, _ least: Int, from offset: Int, of place: AnswerPlace,
    into buffer: inout ByteBuffer
  ) throws(RunError) {
    let descriptor = try descriptor(of: place)
    while buffer.count < least {
      let rest = wanted - buffer.count
      let start = buffer.reserve(rest)
      let got = pread(descriptor, start, rest, off_t(offset + buffer.count))
      if got < 0, errno == EINTR { continue }
      guard got > 0 else { throw damaged(place, "the file is shorter than it was") }
      buffer.advance(by: got)
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
