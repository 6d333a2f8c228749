internal import Ledger
internal import Pipelines
internal import Providers
internal import Records
internal import Templates

extension StageRun {
  /// What the stage would do now. The ledger is one that is thrown away: it is left as a run would leave it once all was
  /// read.
  ///
  /// - Parameter upstream: The forecast of the stage that is read; nil for one that reads a source.
  /// - Returns: The forecast.
  /// - Throws: `RunError`, `LedgerError`, `SourceError`.
  func forecast(_ upstream: StageForecast?) async throws -> StageForecast {
    if let way { try RequestShape.check(stage, way) }
    try ledger.wakeOrphanedTwins()
    try judgeAgain()
    let plan = try planID()
    let before = try ledger.counts(ofStage: number)
    let reading = try StageReading(self, plan: plan, reask: .allowed, files: nil)
    let done = try await reading.rehearse(stamp: "forecast")
    let counts = try ledger.counts(ofStage: number)
    let pricing = done.forecast.pricing
    let (old, oldShards) = try leftovers(before: done.firstShard, pricing)
    var left = old
    if left.requests > 0, !done.forecast.hasRequests { left.add(pricing.firstWrite) }
    let downstream = upstream.flatMap { follow($0, done, pricing) }
    let identical = done.forecast.groups.values.reduce(0) { $0 + $1.identical }
    let failedBefore = max(0, counts.rejected - done.tally.rejected)
    let shards =
      done.shards + oldShards + shardCount(of: downstream?.likely ?? 0)
    var requests = left.requests + (downstream?.likely ?? 0)
    requests += done.tally.toSend
    return StageForecast(
      stage: stage.name, model: way.map { _ in stage.load.model }, counts: counts,
      lines: lines(done.forecast),
      unchanged: max(0, done.forecast.unchanged - failedBefore),
      waiting: max(0, counts.pending - done.tally.toSend - identical),
      kept: done.forecast.kept.map { ($0.key, $0.value) }
        .sorted { $0.0.rawValue < $1.0.rawValue },
      failedBefore: failedBefore,
      removed: downstream == nil || before.read == 0 ? done.tally.removed : nil,
      left: left, downstream: downstream, shards: shards,
      waves: waves(shards: shards, requests: requests),
      needsYes: needsYes(done.tally, of: before.accepted),
      experience: pricing.experience.answerCount,
      warmUp: try warmUp(before: requests), counting: settings.counts[stage.name],
      caching: caching(done.forecast),
      sample: done.forecast.sample,
      isAskedOneByOne: way != nil && stage.load.mode == .concurrent,
      batchPriceMillionths: priceFactor)
  }

  /// The share of the price that a batch pays, in millionths; all of it where nobody is asked.
  private var priceFactor: Int64 {
    guard way != nil else { return 1_000_000 }
    return settings.catalog[stage.load.provider.kind].batchPriceMillionths
  }

  /// What caching the system text would change for the requests that were read.
  private func caching(_ forecast: ReadingForecast) -> StageForecast.Caching? {
    guard way != nil, let request = forecast.firstRequest else { return nil }
    let model = stage.catalogModel(in: settings.catalog[stage.load.provider.kind])
    var prefix = stage.load.cache?.prefix.likely ?? 0
    if prefix == 0, stage.question.system?.reads.isConstant == true {
      var tape = JSONTape()
      prefix = request.withUnsafeBufferPointer { bytes in
        // The renderer wrote it: it is JSON.
        guard let system = (try? tape.parse(bytes))?.requestSystem else { return 0 }
        return model.tokens.estimate(CharacterCensus(system.rawBytes)).likely
      }
    }
    let isCached = prefix > 0 && model.minCacheTokens.map { prefix >= $0 } ?? false
    return StageForecast.Caching(
      prefixTokens: prefix, minimum: model.minCacheTokens,
      cost: isCached ? forecast.pricing.cost(of: forecast.total, caching: prefix) : nil)
  }

  private func lines(_ forecast: ReadingForecast) -> [StageForecast.Line] {
    let ordered = forecast.groups.sorted { $0.key.rank < $1.key.rank }
    return ordered.map { reason, group in
      StageForecast.Line(
        reason: reason.public, records: group.records, forecast: group.forecast,
        identical: group.identical, reused: way == nil ? 0 : group.reused, rejected: group.rejected)
    }
  }

  /// What is still to be sent from before: shards that wait, and requests that are to be made again.
  private func leftovers(
    before first: Int64, _ pricing: RequestPricing
  ) throws -> (forecast: RequestForecast, shards: Int) {
    var left = RequestForecast()
    var shards = 0
    for shard in try ledger.openShards(ofStage: number)
    where shard.state == .packed && shard.id < first {
      let wanted = try ledger.wantedCount(of: shard)
      guard wanted > 0 else { continue }
      left += pricing.forecast(of: wanted, like: shard)
      shards += 1
    }
    for shard in try ledger.shardsToRepeat(ofStage: number) {
      let waiting = try ledger.waitingRequests(of: shard, customID: RequestKey.customIDHash).count
      left += pricing.forecast(of: waiting, like: shard)
      shards += shardCount(of: waiting)
    }
    return (left, shards)
  }

  /// What follows from the records above that have no answer yet; nil when all have one.
  private func follow(
    _ upstream: StageForecast, _ done: StageReading.Rehearsal, _ pricing: RequestPricing
  ) -> StageForecast.Downstream? {
    let open = upstream.counts.pending + (upstream.downstream?.likely ?? 0)
    guard open > 0 || upstream.downstream != nil else { return nil }
    let read = done.read
    let taken = read.read - read.filtered - read.skipped
    let answered = upstream.counts.accepted
    var likely: Int?
    var most: Int? = open
    switch stage.reshaping {
    case nil:
      let share = answered > 0 ? Double(taken) / Double(max(taken + read.filtered, 1)) : 1
      likely = Int((Double(open) * share).rounded())
    case .each, .split:
      most = nil
      if answered > 0 { likely = Int((Double(taken) / Double(answered) * Double(open)).rounded()) }
    case .group:
      // Groups that are there already were read; which new ones there will be is not known.
      if answered > 0 { likely = 0 }
    }
    if upstream.downstream?.likely == nil, upstream.downstream != nil {
      (likely, most) = (nil, nil)
    }
    let forecast = likely.flatMap {
      pricing.forecast(of: $0, like: done.forecast.total, after: upstream.total)
    }
    return StageForecast.Downstream(
      upstream: upstream.stage, records: open, likely: likely, most: most, forecast: forecast)
  }

  private func shardCount(of requests: Int) -> Int {
    guard way != nil else { return 0 }
    let width = stage.load.shard.maxRequests
    return (requests + width - 1) / width
  }

  /// How many rounds of batches it takes: only so many batches, and so many requests, are at the provider at one time.
  private func waves(shards: Int, requests: Int) -> Int {
    guard way != nil, stage.load.mode != .concurrent else { return 0 }
    let batches = min(stage.load.inFlight, stage.load.provider.inFlight ?? .max)
    let rows = stage.load.provider.queue.requests
    // Without a limit there is one round; the largest number must not be added to.
    let byRows = requests / rows + (requests % rows > 0 ? 1 : 0)
    return max((shards + batches - 1) / batches, byRows)
  }

  private func needsYes(_ tally: ReadingTally, of accepted: Int) -> Reask? {
    guard way != nil, accepted > 0,
      plan.reaskLimit.isExceeded(byReasking: tally.reasked, of: accepted)
    else {
      return nil
    }
    return Reask(tally.reasked, tokens: tally.tokensAgain, of: stage, asking)
  }
}

extension RequestPricing {
  /// Requests like those of a shard, on the average.
  fileprivate func forecast(of count: Int, like shard: ShardRecord) -> RequestForecast {
    let mean = shard.inputTokens / max(shard.requestCount, 1)
    return forecast(TokenEstimate(low: mean, likely: mean, high: mean)).times(count)
  }

  /// Requests that come after those of other ones: like the stage's own where there are any, else with what the stage above
  /// asks and answers as their input. Nil when nothing of that is known.
  fileprivate func forecast(
    of count: Int, like own: RequestForecast, after upstream: RequestForecast
  ) -> RequestForecast? {
    if own.requests > 0 { return forecast(input: own.input.mean(of: own.requests)).times(count) }
    guard upstream.requests > 0 else { return count == 0 ? RequestForecast() : nil }
    let seen = upstream.input + upstream.output
    return forecast(input: seen.mean(of: upstream.requests)).times(count)
  }
}

extension TokenEstimate {
  /// What each of some requests has, on the average.
  fileprivate func mean(of count: Int) -> TokenEstimate {
    TokenEstimate(low: low / count, likely: likely / count, high: (high + count - 1) / count)
  }
}

extension ReadingForecast.Reason {
  fileprivate var `public`: StageForecast.Line.Reason {
    switch self {
    case .new: .new
    case .changed(let causes): .changed(causes)
    case .retried: .retried
    }
  }

  /// New ones first, then by what changed, then those that were put back.
  fileprivate var rank: Int64 {
    switch self {
    case .new: 0
    case .changed(let causes): 1 + causes.rawValue
    case .retried: 1 << 20
    }
  }
}
