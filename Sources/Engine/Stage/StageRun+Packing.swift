internal import Ledger
internal import Pipelines
internal import Providers
internal import Records

extension StageRun {
  /// So many requests are worth a batch of their own while others are still in flight.
  private static let worthwhile = 1000

  /// Packs requests that are to be made again: when nothing is in flight any more, or when they are many.
  ///
  /// - Returns: How many requests are not on disk any more; their records must be read again.
  func packAgain() async throws -> Int {
    try ledger.wakeOrphanedTwins()
    let pending = try ledger.pendingCount(ofStage: number)
    guard pending > 0 else { return 0 }
    let busy = try ledger.openShards(ofStage: number).contains { $0.state != .exported }
    guard !busy || pending >= Self.worthwhile else { return 0 }
    var lost = 0
    var after: Int64 = 0
    while true {
      let items = try ledger.pendingItems(
        ofStage: number, after: after, limit: stage.load.shard.maxRequests)
      guard let last = items.last else { return lost }
      after = last.id
      lost += try pack(items)
    }
  }

  /// Copies the items' requests from the files they were sent from into new shards.
  ///
  /// - Returns: How many could not be copied.
  private func pack(_ items: [RunLedger.PendingItem]) throws -> Int {
    let found = try requests(of: items)
    let lost = items.filter { found[$0.id] == nil }
    if !lost.isEmpty { try ledger.forgetReading(ofStage: number, items: lost.map(\.id)) }
    let ready = items.filter { found[$0.id] != nil }
    guard !ready.isEmpty else { return lost.count }
    let wave = ready.map(\.attempt).max() ?? 2
    let planID = try ledger.planID(hash: asking.identity.hash, description: asking.identity.text)
    var writer = ShardWriter(
      folder: folder.shards,
      limits: ShardWriter.Limits(
        requestCount: stage.load.shard.maxRequests, bodyByteCount: stage.load.shard.maxBytes),
      firstNumber: Int(try ledger.nextShardNumber()), name: { "shard-\($0).jsonl" })
    var shards: [RunLedger.RepeatedShard] = []
    var members: [Int64] = []
    func close(_ packed: PackedShard) {
      let count = packed.requestCount
      shards.append(
        RunLedger.RepeatedShard(
          stage: number, plan: planID, provider: stage.load.provider.name,
          file: "shards/" + packed.name, items: Array(members.prefix(count)),
          byteCount: packed.fileByteCount, inputTokens: packed.tokens.high))
      members.removeFirst(count)
    }
    for item in ready {
      guard let line = found[item.id] else { continue }
      let closed = try line.withUnsafeBufferPointer { bytes throws(ShardError) in
        try writer.append(bytes, tokens: .zero)
      }
      if let closed { close(closed) }
      members.append(item.id)
    }
    if let closed = try writer.finish() { close(closed) }
    try ledger.pack(shards, wave: wave)
    settings.report(.repacked(stage: stage.name, requests: ready.count, shards: shards.count))
    return lost.count
  }

  /// The request lines of items, from the shard files that had them last.
  private func requests(of items: [RunLedger.PendingItem]) throws -> [Int64: [UInt8]] {
    var lines: [Int64: [UInt8]] = [:]
    for (shard, members) in Dictionary(grouping: items, by: \.shard) {
      guard let shard, let file = try ledger.shard(shard)?.file else { continue }
      let path = folder.file(file)
      guard folder.has(path) else { continue }
      var wanted: [String: Int64] = [:]
      for item in members { wanted[ShardRewrite.customID(of: item.key)] = item.id }
      let source = JSONLSource(try ByteStream(path: path))
      while let record = try source.next() {
        guard let id = record.root["custom_id"]?.text, let item = wanted[id], let raw = record.raw
        else { continue }
        lines[item] = Array(raw)
      }
    }
    return lines
  }
}
