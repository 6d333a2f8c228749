internal import Ledger
internal import Pipelines
internal import Providers
internal import Records

/// Makes requests again: copies their lines from the shard files they were sent from into new shards, changed where the
/// same request would only fail the same way.
///
/// One shard file after the other is read, and a new shard is committed as soon as it is full: memory follows from the
/// width of a shard, not from how many requests there are.
final class ShardRepacking {
  private let run: StageRun
  private let plan: Int64
  /// How the requests go; nil when that is decided later.
  private let lane: ShardLane?
  private let revision: RequestRevision
  private let store: AnswerStore
  private var writer: ShardWriter
  private var line = ByteBuffer(capacity: 4096)
  private var answer = ByteBuffer(capacity: 1024)
  /// The items of the shard that is being written, and the highest attempt of them.
  private var members: [Int64] = []
  private var wave = 1
  /// Requests that would only fail again.
  private var givenUp: [(request: RunLedger.WaitingRequest, detail: String)] = []
  private var packed = (requests: 0, shards: 0)

  /// Prepares to repeat a stage's requests; nothing is written yet.
  init(_ run: StageRun, _ lane: ShardLane?) throws {
    self.run = run
    self.lane = lane
    plan = try run.planID()
    revision = RequestRevision(run.asking.check)
    store = try AnswerStore(
      run.stage, addedNulls: run.asking.lowering?.addedNulls, in: run.folder, ledger: run.ledger)
    let limits = run.stage.load.shard
    writer = ShardWriter(
      folder: run.folder.shards,
      limits: ShardWriter.Limits(
        requestCount: limits.maxRequests, bodyByteCount: limits.maxBytes),
      firstNumber: Int(try run.ledger.nextShardNumber()), name: { "shard-\($0).jsonl" })
  }

  /// Repeats what waits of a shard's requests. Those that are not in its file any more are read again.
  func repeatRequests(of shard: ShardRecord) throws {
    var waiting = try run.ledger.waitingRequests(of: shard, customID: RequestKey.customIDHash)
    let path = run.folder.file(shard.file)
    if run.folder.has(path) {
      let source = JSONLSource(try ByteStream(path: path))
      while !waiting.isEmpty, let record = try source.next() {
        guard let id = record.root.requestID, let raw = record.raw,
          let request = waiting.removeValue(forKey: RequestKey.hash(of: id))
        else { continue }
        try add(request, raw)
      }
    }
    if !givenUp.isEmpty {
      try run.ledger.giveUp(givenUp)
      givenUp.removeAll()
    }
    if !waiting.isEmpty {
      try run.ledger.forgetReading(ofStage: run.number, items: waiting.values.map(\.item).sorted())
    }
  }

  /// Closes the last shard.
  ///
  /// - Returns: How many requests were packed, and into how many shards.
  func finish() throws -> (requests: Int, shards: Int) {
    if let closed = try writer.finish() { try commit(closed) }
    return packed
  }

  private func add(
    _ request: RunLedger.WaitingRequest, _ raw: UnsafeBufferPointer<UInt8>
  ) throws {
    line.removeAll()
    let tokens: TokenEstimate
    switch revision.append(raw, changing: try change(for: request), to: &line) {
    case .written(let estimate): tokens = estimate
    case .exhausted(let limit):
      givenUp.append(
        (request, "the answer was cut at max_tokens \(limit), the most that can be asked for"))
      return
    }
    if let closed = try writer.append(line.bytes, tokens: tokens) { try commit(closed) }
    members.append(request.item)
    wave = max(wave, request.attempt)
  }

  /// What must be different this time.
  private func change(
    for request: RunLedger.WaitingRequest
  ) throws -> RequestRevision.Change {
    guard let failure = request.failure else { return .nothing }
    switch failure.outcome {
    case .truncated: return .moreTokens
    case .invalidAnswer:
      guard let place = failure.row, let words = try run.ledger.words(on: failure) else {
        return .nothing
      }
      answer.removeAll()
      try store.appendText(at: place, to: &answer)
      return .correction(of: answer.bytes, because: words)
    default: return .nothing
    }
  }

  private func commit(_ shard: PackedShard) throws {
    try run.ledger.pack(
      RunLedger.RepeatedShard(
        stage: run.number, plan: plan, provider: run.stage.load.provider.name,
        file: "shards/" + shard.name, items: members, byteCount: shard.fileByteCount,
        inputTokens: shard.tokens.high, wave: wave, lane: lane))
    packed.requests += members.count
    packed.shards += 1
    members.removeAll(keepingCapacity: true)
    wave = 1
  }
}
