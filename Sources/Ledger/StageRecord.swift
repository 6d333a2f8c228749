internal import Foundation
internal import GRDB
public import Records

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
  /// Which fields the hashes of its items are over; nil when that is not known.
  public var reads: String?
  /// Up to where its source was read; nil where it is read whole.
  public var watermark: String?
  /// How its answers were judged last; nil when that is not known.
  public var judging: String?
  /// What the last reading left out of the source; nil for nothing.
  public var leftOut: LeftOutRows?
  /// Rises with every change of the stage's items or answers.
  public var version: Int64
  /// What the last merge was of.
  public var mergedStamp: String?
  /// When that was.
  public var mergedAt: Int64?
}

extension StageRecord {
  init(row: Row) {
    let hash = (row["template_hash"] as Data?).flatMap { bytes in
      bytes.withUnsafeBytes { ContentHash(bytes: $0) }
    }
    self.init(
      id: row["id"], readingStamp: row["reading_stamp"], templateHash: hash, plan: row["plan_id"],
      reads: row["reads"], watermark: row["watermark"], judging: row["judging"],
      leftOut: (row["left_out"] as String?).flatMap(LeftOutRows.init(stored:)),
      version: row["version"],
      mergedStamp: row["merged_stamp"], mergedAt: row["merged_at"])
  }
}
