/// Decides which shard a request goes into: the next one begins when the count or the bytes are full.
struct ShardCutter {
  let limits: ShardLimits
  private(set) var drafts: [ShardDraft] = []
  let firstNumber: Int64

  init(limits: ShardLimits, firstNumber: Int64) {
    self.limits = limits
    self.firstNumber = firstNumber
  }

  /// Assigns a request of `byteCount` bytes (without its line end) to a shard.
  mutating func place(item: Int64, byteCount: Int, inputTokens: Int) -> Int64 {
    let size = byteCount + 1
    if drafts.isEmpty || !drafts[drafts.count - 1].hasRoom(for: size, in: limits) {
      drafts.append(ShardDraft(number: firstNumber + Int64(drafts.count), firstItem: item))
    }
    drafts[drafts.count - 1].add(item: item, byteCount: size, inputTokens: inputTokens)
    return drafts[drafts.count - 1].number
  }
}

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

  /// Takes a request out again whose record was replaced by a later one of the same key.
  mutating func remove(byteCount size: Int, inputTokens tokens: Int) {
    requestCount -= 1
    byteCount -= size
    inputTokens -= tokens
  }
}
