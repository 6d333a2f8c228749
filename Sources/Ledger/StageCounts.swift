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
