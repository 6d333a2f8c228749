internal import Ledger
internal import Pipelines
internal import Providers
internal import Records

/// A results file on disk, applied row by row. While the ledger stores one group of rows, the next one is
/// read and judged.
struct ResultsFile {
  private static let groupSize = 16_384

  private let run: StageRun
  private let path: String
  private let shown: String

  /// Names a file.
  ///
  /// - Parameters:
  ///   - run: The stage it belongs to.
  ///   - path: Where it is.
  ///   - shown: What the ledger calls it.
  init(_ run: StageRun, path: String, shown: String) {
    self.run = run
    self.path = path
    self.shown = shown
  }

  /// Applies the rows to the items that wait for them.
  ///
  /// - Returns: How many rows belonged to nobody.
  @discardableResult
  func apply(
    to shards: [ShardRecord], partial: SettlingSession.IsPartial
  ) async throws -> Int {
    var roster = try run.ledger.roster(of: shards, customID: RequestKey.customIDHash)
    let now = run.clock.milliseconds
    let session = try SettlingSession(run.ledger, file: shown, now: now)
    do {
      let strays = try await applyRows(to: session, &roster)
      if partial == .no { try session.apply(missing(roster)) }
      session.countStrays(strays)
      try session.commit(shards, partial: partial, now: now)
      return strays
    } catch {
      session.abandon()
      throw error
    }
  }

  private func applyRows(
    to session: SettlingSession, _ roster: inout ShardRoster
  ) async throws -> Int {
    let lines = LineReader(try ByteStream(path: path))
    let judge = AnswerJudge(run.stage, run.asking)
    var strays = 0
    var group = try read(lines, judge, &roster, &strays)
    while !group.isEmpty {
      let ready = group
      async let stored: Void = Self.store(ready, session)
      let ahead = Result { try read(lines, judge, &roster, &strays) }
      try await stored
      group = try ahead.get()
    }
    return strays
  }

  @concurrent private static func store(
    _ rows: [SettledRow], _ session: SettlingSession
  ) async throws {
    try session.apply(rows)
  }

  private func read(
    _ lines: LineReader, _ judge: AnswerJudge, _ roster: inout ShardRoster, _ strays: inout Int
  ) throws -> [SettledRow] {
    var rows: [SettledRow] = []
    rows.reserveCapacity(Self.groupSize)
    while rows.count < Self.groupSize, let line = try lines.next() {
      if ResultRow.isBlank(line.bytes) { continue }
      if let row = judge.judge(line.bytes, at: line.range, &roster) {
        rows.append(row)
      } else {
        strays += 1
      }
    }
    return rows
  }

  /// Requests without a row: nothing is known of them, so they are made again.
  private func missing(_ roster: ShardRoster) -> [SettledRow] {
    roster.untaken.map {
      SettledRow(
        place: $0, outcome: .missing, verdict: .retry(attempts: run.stage.load.attempts), row: nil,
        detail: "the results have no row for this request")
    }
  }
}
