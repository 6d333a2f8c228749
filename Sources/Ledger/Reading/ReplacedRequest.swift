/// A request that must not stay in the shard file it was written to: a later record of the same key took its place.
public struct ReplacedRequest: Sendable {
  /// The shard.
  public let shard: Int64
  /// The record's key. Of several requests with it in that file, the first is meant, then the next.
  public let key: [UInt8]
}
