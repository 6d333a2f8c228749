/// A shard that is being filled.
public struct ShardDraft: Sendable {
  /// The shard's number in the ledger.
  public let number: Int64
  /// How many requests it has.
  public private(set) var requestCount = 0
  /// How many bytes its lines have, line ends included.
  public private(set) var byteCount = 0
  /// The estimated input tokens.
  public private(set) var inputTokens = 0
  /// The lowest number of its items.
  public private(set) var firstItem: Int64
  /// The highest number of its items.
  public private(set) var lastItem: Int64

  init(number: Int64, firstItem: Int64) {
    self.number = number
    self.firstItem = firstItem
    lastItem = firstItem
  }

  func hasRoom(for size: Int, in limits: ShardLimits) -> Bool {
    requestCount < limits.maxRequests
      && byteCount + size + limits.envelopeBytes <= limits.maxBytes
  }

  mutating func add(item: Int64, byteCount size: Int, inputTokens tokens: Int) {
    requestCount += 1
    byteCount += size
    inputTokens += tokens
    firstItem = min(firstItem, item)
    lastItem = max(lastItem, item)
  }
}
