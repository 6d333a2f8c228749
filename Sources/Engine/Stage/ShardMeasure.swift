internal import Ledger
internal import Pipelines
internal import Providers
internal import Records

/// What the first requests of a shard file, or all of them, may use.
struct ShardMeasure: Hashable {
  var requestCount = 0
  /// Where they end in the file.
  var byteCount = 0
  /// The high estimate of their input.
  var inputTokens = 0
  /// The likely one.
  var likelyInputTokens = 0
  /// The longest answers, in tokens.
  var maxTokens = 0
  /// What is set aside for them.
  var reserved = Money.zero
  /// The most that they can cost.
  var worst = Money.zero

  /// What there is room for; nil where there is no limit.
  struct Room: Hashable {
    var requests: Int?
    var inputTokens: Int?
    var money: Money?

    /// Whether requests fit.
    func holds(_ measure: ShardMeasure) -> Bool {
      requests.map { measure.requestCount <= $0 } != false
        && inputTokens.map { measure.inputTokens <= $0 } != false
        && money.map { measure.reserved <= $0 } != false
    }
  }

  /// Adds a request's line that ends at a place of its file.
  mutating func add(_ use: RequestCheck.Use, _ cost: Cost?, _ reserve: BudgetPlan.Reserve, end: Int)
  {
    requestCount += 1
    byteCount = end
    inputTokens += use.input.high
    likelyInputTokens += use.input.likely
    maxTokens += use.maxTokens
    guard let cost else { return }
    let most = cost.reserve(for: use.input, maxTokens: use.maxTokens)
    worst += most
    switch reserve {
    case .high: reserved += most
    case .likely: reserved += cost.of(input: use.input.likely, output: (use.maxTokens + 1) / 2)
    }
  }
}

extension StageRun {
  /// Measures a packed shard's requests.
  ///
  /// - Returns: All of them, and the first ones that there is room for.
  /// - Throws: `SourceError` when the file cannot be read.
  func measure(
    _ shard: ShardRecord, within room: ShardMeasure.Room, _ lane: ShardLane = .batch
  ) throws -> (whole: ShardMeasure, fitting: ShardMeasure) {
    let lines = LineReader(try ByteStream(path: folder.file(shard.file)))
    var tape = JSONTape()
    var whole = ShardMeasure()
    var fitting = ShardMeasure()
    while whole.byteCount < shard.byteCount, let line = try lines.next() {
      let request = try parse(line.bytes, of: shard, using: &tape)
      whole.add(
        asking.check.use(of: request), asking.cost(lane), plan.budget?.reserve ?? .high,
        end: line.range.upperBound + 1)
      if room.holds(whole) { fitting = whole }
    }
    return (whole, fitting)
  }

  func parse(
    _ line: UnsafeBufferPointer<UInt8>, of shard: ShardRecord, using tape: inout JSONTape
  ) throws(RunError) -> JSONView {
    do throws(JSONError) {
      return try tape.parse(line)
    } catch {
      throw RunError.stateFile(
        path: folder.file(shard.file), reason: "a request in it cannot be read: \(error)")
    }
  }
}
