internal import Ledger
internal import Pipelines

/// Finds out who waits for judged rows, and has the ledger apply them.
///
/// Sendable because it has one owner at a time, the task that stores rows and after its end the one that waited for it: that
/// is its lock.
final class RowSettler: @unchecked Sendable {
  /// Each time rows are applied, the ledger goes through its items once: the more rows, the fewer times.
  private static let roundSize = 32_768

  private let run: StageRun
  private let file: String
  private let makeRoster: @Sendable () throws -> ShardRoster
  /// Who still waits for a row; nil before ``begin()``.
  private var roster: ShardRoster?
  private var session: SettlingSession?
  private var settled: [SettledRow] = []
  /// The rows that nobody waits for, or that came twice.
  private(set) var unused = UnusedRows()
  /// How many answers were accepted after a repair.
  private(set) var repairedCount = 0

  /// Prepares to apply the rows of a file.
  ///
  /// - Parameters:
  ///   - run: The stage they are of.
  ///   - file: What the ledger calls the file.
  ///   - roster: Tells who waits.
  init(_ run: StageRun, file: String, roster: @escaping @Sendable () throws -> ShardRoster) {
    self.run = run
    self.file = file
    makeRoster = roster
  }

  /// How many custom_ids several requests have, whose rows are not taken.
  var ambiguousCount: Int { roster?.ambiguousCount ?? 0 }

  /// Learns who waits, and begins the ledger's transaction.
  ///
  /// - Throws: `LedgerError`.
  func begin() throws {
    roster = try makeRoster()
    session = try SettlingSession(run.ledger, file: file, now: run.clock.milliseconds)
  }

  /// Gives judged rows to those who wait for them. They are applied once they are many.
  ///
  /// - Throws: `LedgerError`.
  func apply(_ rows: [JudgedRow]) throws {
    settled.reserveCapacity(min(settled.count + rows.count, Self.roundSize))
    for row in rows {
      guard let place = roster?.take(row.customID) else {
        unused.customIDs.append(row.customID)
        continue
      }
      let row = row.settled(place)
      if row.isRepaired { repairedCount += 1 }
      settled.append(row)
    }
    if settled.count + rows.count > Self.roundSize { try flush() }
  }

  /// Applies the rows that wait for others.
  ///
  /// - Throws: `LedgerError`.
  func flush() throws {
    try open.apply(settled)
    settled.removeAll(keepingCapacity: true)
  }

  /// Counts rows that can be nobody's.
  func add(_ rows: UnusedRows) {
    unused.namelessCount += rows.namelessCount
    unused.unreadable = rows.unreadable
  }

  /// Gives the file the name that it has at last.
  ///
  /// - Returns: Whether no file of that name was applied before.
  /// - Throws: `LedgerError`.
  func name(_ file: String) throws -> Bool { try open.name(file) }

  /// Makes what was applied count.
  ///
  /// - Throws: `LedgerError`.
  func commit(_ shards: [ShardRecord], partial: SettlingSession.IsPartial) throws {
    if partial == .no { try open.apply(missing) }
    open.countStrays(unused.count)
    try open.commit(shards, partial: partial, now: run.clock.milliseconds)
  }

  /// Ends without a trace.
  func abandon() { session?.abandon() }

  private var open: SettlingSession {
    guard let session else { preconditionFailure("rows are applied after the beginning") }
    return session
  }

  /// Requests without a row: nothing is known of them, so they are made again.
  private var missing: [SettledRow] {
    (roster?.untaken ?? []).map {
      SettledRow(
        place: $0, outcome: .missing, verdict: run.stage.load.attempts.verdict(on: .missing),
        row: nil, detail: "the results have no row for this request")
    }
  }
}
