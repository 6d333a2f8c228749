/// How the requests of a shard go to the provider. The names are stored.
public enum ShardLane: String, Sendable, CaseIterable {
  /// Together, in a batch.
  case batch
  /// One by one, over the synchronous API.
  case concurrent
}
