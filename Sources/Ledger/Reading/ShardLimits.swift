/// How large a shard may be.
public struct ShardLimits: Sendable {
  /// At most so many requests.
  public var maxRequests: Int
  /// At most so many bytes, the provider's envelope included.
  public var maxBytes: Int
  /// The bytes that the envelope adds to the lines.
  public var envelopeBytes: Int

  /// Creates limits.
  public init(maxRequests: Int, maxBytes: Int, envelopeBytes: Int) {
    self.maxRequests = maxRequests
    self.maxBytes = maxBytes
    self.envelopeBytes = envelopeBytes
  }
}
