internal import Ledger
internal import Pipelines
internal import Providers
internal import Records

/// A results file on disk, applied row by row. While the ledger stores a group of rows, the next ones are read and
/// judged.
struct ResultsFile {
  /// How many rows are handed over together.
  private static let groupSize = 4096
  /// How many groups are in memory at most: enough to go on judging while the ledger stores many.
  private static let groupsAhead = 12

  /// The results were applied before, from a file that is kept under this name.
  struct AppliedBefore: Error {
    let name: String
  }

  private let run: StageRun
  private let source: Source
  /// What the ledger calls it; another name follows when the file is whole.
  private let shown: String

  private enum Source {
    case file(String)
    /// A file from elsewhere, kept while it is read.
    case incoming(KeptResults)

    func open() throws(SourceError) -> any ByteReader {
      switch self {
      case .file(let path): try ByteStream(path: path)
      case .incoming(let kept): kept.stream
      }
    }
  }

  /// Names a file.
  ///
  /// - Parameters:
  ///   - run: The stage it belongs to.
  ///   - path: Where it is.
  ///   - shown: What the ledger calls it.
  init(_ run: StageRun, path: String, shown: String) {
    self.run = run
    source = .file(path)
    self.shown = shown
  }

  /// Names a file from elsewhere, which is kept while it is read.
  init(_ run: StageRun, keeping kept: KeptResults) {
    self.run = run
    source = .incoming(kept)
    shown = "results/import.jsonl"
  }

  /// How many rows of a file are whole: the last one may have been cut.
  ///
  /// - Throws: `SourceError` when the file cannot be read.
  static func rowCount(of path: String) throws(SourceError) -> Int {
    let lines = LineReader(try ByteStream(path: path))
    var count = 0
    while let line = try lines.next() {
      if line.bytes.last(where: { $0 != 0x0D }) == UInt8(ascii: "}") { count += 1 }
    }
    return count
  }

  /// Applies the rows to the items that wait for them.
  ///
  /// - Returns: What became of the rows.
  @discardableResult
  func apply(
    to shards: [ShardRecord], partial: SettlingSession.IsPartial
  ) async throws -> RowSettler {
    try await apply(to: shards, partial: partial) { [run] in
      try run.ledger.roster(of: shards, customID: RequestKey.customIDHash)
    }
  }

  /// Applies the rows to those of a roster that wait for them. It is made while the first rows are read.
  ///
  /// - Returns: What became of the rows.
  /// - Throws: `AppliedBefore` for a file from elsewhere that is known; then nothing was applied.
  func apply(
    to shards: [ShardRecord], partial: SettlingSession.IsPartial,
    roster: @escaping @Sendable () throws -> ShardRoster
  ) async throws -> RowSettler {
    let rows = JudgedRows(LineReader(try source.open()), AnswerJudge(run.stage, run.asking))
    let settler = RowSettler(run, file: shown, roster: roster)
    let outcome = await stored(rows, settler)
    do {
      try outcome.get()
      settler.add(rows.unused)
      try name(settler)
      try settler.commit(shards, partial: partial)
    } catch {
      settler.abandon()
      throw error
    }
    if settler.repairedCount > 0 {
      run.settings.report(.repaired(stage: run.stage.name, answers: settler.repairedCount))
    }
    return settler
  }

  /// Rows count under the name that the file has at last, and only when it lies there.
  private func name(_ settler: RowSettler) throws {
    guard case .incoming(let kept) = source else { return }
    let name = try kept.name()
    guard try settler.name(name) else { throw AppliedBefore(name: name) }
  }

  /// Stores all rows; what goes wrong is returned, so that the session can be given up.
  private func stored(
    _ rows: JudgedRows, _ settler: RowSettler
  ) async -> Result<Void, any Error> {
    let judged = Conveyor<[JudgedRow]>()
    // The room for a group goes round, too.
    let room = Conveyor<[JudgedRow]>(Array(repeating: [], count: Self.groupsAhead))
    async let storing = Self.store(judged, with: settler, emptying: room)
    do {
      while var group = try await room.take() {
        try rows.append(Self.groupSize, to: &group)
        if group.isEmpty { break }
        judged.put(group)
      }
      judged.end()
      if case .incoming(let kept) = source { kept.finish() }
    } catch {
      judged.end(error)
    }
    return await storing
  }

  /// Stores groups until there are no more, giving back the room of each for another one.
  @concurrent private static func store(
    _ judged: Conveyor<[JudgedRow]>, with settler: RowSettler,
    emptying room: Conveyor<[JudgedRow]>
  ) async -> Result<Void, any Error> {
    defer { room.end() }
    do {
      try settler.begin()
      while var group = try await judged.take() {
        try settler.apply(group)
        group.removeAll(keepingCapacity: true)
        room.put(group)
      }
      try settler.flush()
      return .success(())
    } catch {
      return .failure(error)
    }
  }
}

/// The rows of a results file, read and judged a group at a time.
final class JudgedRows {
  private let lines: LineReader
  private let judge: AnswerJudge
  /// The rows that can be nobody's.
  private(set) var unused = UnusedRows()
  private var line = 0

  init(_ lines: LineReader, _ judge: AnswerJudge) {
    self.lines = lines
    self.judge = judge
  }

  /// Appends the next rows until there are `limit`; none at the end.
  func append(_ limit: Int, to rows: inout [JudgedRow]) throws {
    rows.reserveCapacity(limit)
    while rows.count < limit, let next = try lines.next() {
      line += 1
      if ResultRow.isBlank(next.bytes) { continue }
      switch judge.judge(next.bytes, at: next.range) {
      case .answer(let row): rows.append(row)
      case .nameless: unused.namelessCount += 1
      case .unreadable: unused.unreadable.add(line)
      }
    }
  }
}
