internal import Foundation
internal import GRDB
public import Records

/// The counts of one stage. They balance: read = accepted + rejected + pending + filtered + skipped + duplicate.
public struct StageCounts: Sendable, Equatable {
  /// Records of the last complete reading.
  public var read = 0
  /// Records with an accepted answer.
  public var accepted = 0
  /// Records that will not get one.
  public var rejected = 0
  /// Records that wait: for a shard, in one, or for another record's answer.
  public var pending = 0
  /// Records that `where` left out.
  public var filtered = 0
  /// Records whose upstream record was rejected.
  public var skipped = 0
  /// Records dropped for a key that stood before.
  public var duplicate = 0
  /// Items whose record is gone; not part of `read`.
  public var removed = 0

  /// All zero.
  public init() {}

  /// Whether every record read is in exactly one place.
  public var isBalanced: Bool {
    read == accepted + rejected + pending + filtered + skipped + duplicate
  }
}

/// What a stage's last reading and merge were.
public struct StageRecord: Sendable, Equatable {
  /// The stage's number.
  public var id: Int64
  /// What the last complete reading was of; nil when it must be read again.
  public var readingStamp: String?
  /// The templates' hash at the last reading; nil before the first.
  public var templateHash: ContentHash?
  /// The plan at the last reading.
  public var plan: Int64?
  /// Rises with every change of the stage's items or answers.
  public var version: Int64
  /// What the last merge was of.
  public var mergedStamp: String?
  /// When that was.
  public var mergedAt: Int64?
}

extension RunLedger {
  /// The counts of a stage.
  public func counts(ofStage stage: Int64) throws(LedgerError) -> StageCounts {
    try look("counting") { database in
      var counts = StageCounts()
      guard let row = try Row.fetchOne(database, sql: "SELECT * FROM stages WHERE id = ?", arguments: [stage])
      else { return counts }
      counts.read = row["read_count"]
      counts.filtered = row["filtered_count"]
      counts.skipped = row["skipped_count"]
      counts.duplicate = row["duplicate_count"]
      let states = try Row.fetchCursor(
        database, sql: "SELECT state, count(*) AS n FROM items WHERE stage_id = ? GROUP BY state",
        arguments: [stage])
      while let row = try states.next() {
        let count: Int = row["n"]
        switch ItemState(rawValue: row["state"]) {
        case .accepted: counts.accepted += count
        case .rejected: counts.rejected += count
        case .removed: counts.removed += count
        default: counts.pending += count
        }
      }
      return counts
    }
  }

  /// A stage's record; nil for one that was never read.
  public func stage(named name: String) throws(LedgerError) -> StageRecord? {
    try look("reading the stage") { database in
      try Row.fetchOne(database, sql: "SELECT * FROM stages WHERE name = ?", arguments: [name])
        .map { row in
          StageRecord(
            id: row["id"], readingStamp: row["reading_stamp"], templateHash: (row["template_hash"] as Data?).flatMap { $0.withUnsafeBytes { ContentHash(bytes: $0) } },
            plan: row["plan_id"], version: row["version"], mergedStamp: row["merged_stamp"],
            mergedAt: row["merged_at"])
        }
    }
  }

  /// Remembers that a stage was merged.
  public func recordMerge(
    ofStage stage: Int64, stamp: String, at time: Int64
  ) throws(LedgerError) {
    try change("recording the merge") { database in
      try database.execute(
        sql: "UPDATE stages SET merged_stamp = ?, merged_at = ? WHERE id = ?",
        arguments: [stamp, time, stage])
    }
  }

  /// What the stage's requests cost so far, in nano-dollars.
  public func cost(ofStage stage: Int64) throws(LedgerError) -> Int64 {
    try look("adding up the cost") { database in
      try Int64.fetchOne(
        database, sql: "SELECT sum(cost_nano) FROM shards WHERE stage_id = ?", arguments: [stage])
        ?? 0
    }
  }
}
