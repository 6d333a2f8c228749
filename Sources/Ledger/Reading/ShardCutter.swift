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
