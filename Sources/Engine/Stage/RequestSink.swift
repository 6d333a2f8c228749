internal import Ledger
internal import Pipelines
internal import Providers
internal import Records

/// Writes the requests that the ledger decided to send into shard files.
final class RequestSink {
  private var writer: ShardWriter
  private var packed: [PackedShard] = []
  private let files: ShardFiles

  /// Prepares to write; no file exists before the first request.
  init(_ limits: LoadPlan.ShardLimits, _ files: ShardFiles, firstShard: Int64) {
    self.files = files
    writer = ShardWriter(
      folder: files.folder,
      limits: ShardWriter.Limits(
        requestCount: limits.maxRequests, bodyByteCount: limits.maxBytes),
      firstNumber: Int(firstShard), name: { files.name(Int64($0)) })
  }

  /// Writes the requests of a decided batch.
  func write(_ batch: AdmissionBatch) throws {
    var run = LineRun()
    for row in batch.rows {
      guard case .send(let shard) = row.decision else { continue }
      if run.append(row.request, shard) { continue }
      try write(run, of: batch)
      run = LineRun(row.request, shard)
    }
    try write(run, of: batch)
  }

  private func write(_ run: LineRun, of batch: AdmissionBatch) throws {
    guard run.count > 0 else { return }
    let lines = UnsafeBufferPointer(rebasing: batch.requests.bytes[run.bytes])
    if let closed = try writer.append(lines: lines, count: run.count) { packed.append(closed) }
    precondition(writer.currentNumber == Int(run.shard), "ledger and writer cut shards alike")
  }

  /// Closes the last file, complete and synced; nothing is written after it.
  func close() throws {
    if let last = try writer.finish() { packed.append(last) }
  }

  /// Takes requests out whose record was replaced by a later one. All files are closed.
  ///
  /// - Returns: The shards as they stand on disk, complete and synced.
  func finish(
    _ drafts: [ShardDraft], replaced: [ReplacedRequest]
  ) throws -> [ReadingSession.WrittenShard] {
    try zip(drafts, packed).map { draft, shard in
      let dropped = replaced.filter { $0.shard == draft.number }
      var byteCount = shard.fileByteCount
      if !dropped.isEmpty {
        byteCount = try ShardRewrite(path: shard.path).dropFirst(of: dropped.map(\.key))
      }
      return ReadingSession.WrittenShard(
        draft: draft, file: files.prefix + shard.name,
        requestCount: shard.requestCount - dropped.count, byteCount: byteCount)
    }
  }
}

/// Requests of one shard whose lines follow each other in a batch.
private struct LineRun {
  /// Their bytes, line ends included.
  private(set) var bytes = 0..<0
  private(set) var count = 0
  private(set) var shard: Int64 = 0

  init() {}

  init(_ line: Range<Int>, _ shard: Int64) {
    (bytes, count, self.shard) = (line.lowerBound..<(line.upperBound + 1), 1, shard)
  }

  /// Adds a line (its line end left out) of the same shard that stands behind the last one; false for another.
  mutating func append(_ line: Range<Int>, _ shard: Int64) -> Bool {
    guard count > 0, shard == self.shard, line.lowerBound == bytes.upperBound else {
      return false
    }
    bytes = bytes.lowerBound..<(line.upperBound + 1)
    count += 1
    return true
  }
}

/// Where a reading's shard files go.
struct ShardFiles: Sendable {
  /// The folder.
  let folder: String
  /// What stands before a file's name in the ledger.
  let prefix: String
  /// What file names begin with.
  let stem: String
  /// What the shards are once their files are complete.
  let state: ShardState

  /// The file of a shard.
  func name(_ shard: Int64) -> String { "\(stem)shard-\(shard).jsonl" }
}
