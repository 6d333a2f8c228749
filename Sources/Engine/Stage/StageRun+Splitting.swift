internal import Ledger
internal import Pipelines
internal import Providers
internal import Records

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

extension StageRun {
  /// Leaves a packed shard only its first requests; the others become a shard of their own, that waits.
  ///
  /// The new shard's file is complete before the ledger knows of it, and the old one is cut after the ledger has said where
  /// it ends: a kill in between leaves bytes behind that nobody reads.
  ///
  /// - Throws: Then nothing changed.
  func split(_ shard: inout ShardRecord, at head: ShardMeasure, of whole: ShardMeasure) throws {
    precondition(
      head.requestCount > 0 && head.requestCount < shard.requestCount, "both parts have requests")
    let number = try ledger.nextShardNumber()
    let file = "shards/shard-\(number).jsonl"
    let (items, byteCount) = try writeTail(of: shard, from: head.byteCount, to: folder.file(file))
    var kept = shard
    kept.requestCount = head.requestCount
    kept.byteCount = head.byteCount
    kept.inputTokens = head.inputTokens
    try ledger.split(
      kept,
      RunLedger.Tail(
        number: number, file: file, items: items, byteCount: byteCount,
        inputTokens: whole.inputTokens - head.inputTokens))
    shard = kept
    // What stays behind when this fails is never read: the ledger says where the file ends.
    _ = truncate(folder.file(shard.file), off_t(head.byteCount))
    settings.report(
      .split(
        stage: stage.name, shard: shard.id, requests: head.requestCount, waiting: items.count))
  }

  /// Copies the requests behind a place into a file of their own.
  ///
  /// - Returns: Their items, and the bytes of the file.
  private func writeTail(
    of shard: ShardRecord, from start: Int, to path: String
  ) throws -> (items: [Int64], byteCount: Int) {
    var roster = try ledger.roster(of: [shard], customID: RequestKey.customIDHash)
    let lines = LineReader(try ByteStream(path: folder.file(shard.file)))
    var tape = JSONTape()
    var items: [Int64] = []
    let file = try AtomicFile(path: path)
    do {
      while let line = try lines.next(), line.range.lowerBound < shard.byteCount {
        guard line.range.lowerBound >= start else { continue }
        let request = try parse(line.bytes, of: shard, using: &tape)
        guard let id = request.requestID,
          case .item(let item)? = roster.take(RequestKey.hash(of: id))
        else { preconditionFailure("each request of a packed shard is an item's") }
        items.append(item)
        try file.append(line.bytes)
        try file.append(text: "\n")
      }
      try file.commit()
    } catch {
      file.abandon()
      throw error
    }
    return (items, file.byteCount)
  }
}
