#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif
internal import Ledger
internal import Records

/// Judges the lines of a results file that grows, once they are on disk. Used by one task.
final class AnswerLog {
  private let path: String
  private let judge: AnswerJudge
  /// Who still waits for a row.
  private var roster: ShardRoster
  private var descriptor: Int32 = -1
  private var byteCount = 0

  /// Names a file; it need not be there yet.
  init(path: String, judge: AnswerJudge, roster: consuming ShardRoster) {
    self.path = path
    self.judge = judge
    self.roster = roster
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }

  /// Judges what the file has already. A line that was cut by a kill is taken off its end.
  ///
  /// - Throws: `SourceError`, `RunError.write`.
  func recover() throws -> [SettledRow] {
    guard access(path, R_OK) == 0 else { return [] }
    let lines = LineReader(try ByteStream(path: path))
    var rows: [SettledRow] = []
    var end = 0
    while let line = try lines.next() {
      guard line.bytes.last == UInt8(ascii: "}") else { break }
      end = line.range.upperBound + 1
      if let row = judge.judge(line.bytes, at: line.range, &roster) { rows.append(row) }
    }
    try open()
    guard ftruncate(descriptor, off_t(end)) == 0, fsync(descriptor) == 0 else {
      throw failure("cannot be cut")
    }
    byteCount = end
    return rows
  }

  /// Judges lines that were appended to the file, once they are synced.
  ///
  /// - Throws: `RunError.write`.
  func judge(_ lines: [UInt8]) throws(RunError) -> [SettledRow] {
    try open()
    guard fsync(descriptor) == 0 else { throw failure("cannot be synced") }
    var rows: [SettledRow] = []
    lines.withUnsafeBufferPointer { bytes in
      var start = 0
      while let end = bytes[start...].firstIndex(of: 0x0A) {
        let line = UnsafeBufferPointer(rebasing: bytes[start..<end])
        let range = byteCount + start..<byteCount + end
        if let row = judge.judge(line, at: range, &roster) { rows.append(row) }
        start = end + 1
      }
    }
    byteCount += lines.count
    return rows
  }

  private func open() throws(RunError) {
    if descriptor < 0 { descriptor = AnswerFile.open(path) }
    guard descriptor >= 0 else { throw failure("cannot be made") }
  }

  private func failure(_ doing: String) -> RunError {
    RunError.write(WriteError(path: path, doing: doing, errno: errno))
  }
}
