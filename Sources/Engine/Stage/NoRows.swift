internal import Ledger
internal import Providers
internal import Records

/// The rows that a provider did not write: for requests of a batch that it refused as a whole, and for those whose turn did
/// not come before a batch ended and that its files pass over.
struct NoRows {
  private let path: String
  private let byteCount: Int
  private let isThere: Bool

  /// Prepares to look at a shard's requests. Where its file is gone, nothing is written, and its requests count as missing.
  init(of shard: ShardRecord, in folder: StateFolder) {
    path = folder.file(shard.file)
    byteCount = shard.byteCount
    isThere = folder.has(path)
  }

  /// Makes a file with a row for every request.
  ///
  /// - Parameters:
  ///   - target: The file.
  ///   - fate: What became of the request of a line, from 1.
  /// - Throws: `SourceError`, `WriteError`.
  func write(to target: String, _ fate: (Int) -> ResultRow.Fate) throws {
    let file = try AtomicFile(path: target)
    do {
      var number = 0
      try eachID { id in
        number += 1
        try file.append(
          text: String(decoding: ResultRow.line(for: id, fate(number)), as: UTF8.self))
        try file.append(text: "\n")
      }
      try file.commit()
    } catch {
      file.abandon()
      throw error
    }
  }

  /// Adds a row for every request that a results file has none for.
  ///
  /// - Throws: `SourceError`, `WriteError`.
  func append(to results: String, _ fate: ResultRow.Fate) throws {
    var known: Set<ContentHash> = []
    let file = try AtomicFile(path: results)
    do {
      let lines = LineReader(try ByteStream(path: results))
      var tape = JSONTape()
      while let line = try lines.next() {
        // A line that cannot be read is nobody's row.
        if let id = try? tape.parse(line.bytes).requestID { known.insert(RequestKey.hash(of: id)) }
        try file.append(line.bytes)
        try file.append(text: "\n")
      }
      try eachID { id in
        var text = id
        let hash = text.withUTF8 { ContentHash(of: $0) }
        guard !known.contains(hash) else { return }
        try file.append(text: String(decoding: ResultRow.line(for: id, fate), as: UTF8.self))
        try file.append(text: "\n")
      }
      try file.commit()
    } catch {
      file.abandon()
      throw error
    }
  }

  private func eachID(_ body: (String) throws -> Void) throws {
    guard isThere else { return }
    let lines = LineReader(try ByteStream(path: path))
    var tape = JSONTape()
    while let line = try lines.next(), line.range.lowerBound < byteCount {
      try body(try tape.parse(line.bytes).requestID?.text ?? "")
    }
  }
}

extension BatchFailure {
  /// What became of the request of a line.
  func fate(ofLine line: Int) -> ResultRow.Fate {
    guard let problem = problem(ofLine: line) ?? ofAll else { return .notRun }
    return isPermanent(problem)
      ? .refused(problem.code, problem.message) : .failed(problem.code, problem.message)
  }
}
