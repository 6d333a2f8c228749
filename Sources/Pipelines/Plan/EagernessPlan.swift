/// When a stage begins with records that are ready, while the stage it reads still works on others.
public struct EagernessPlan: Hashable, Sendable {
  /// So many are worth a batch at once.
  public let minShard: Int
  /// So long fewer wait for more, in milliseconds.
  public let linger: Int64
}
