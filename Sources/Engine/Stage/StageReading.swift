internal import Ledger
internal import Pipelines
internal import Providers
internal import Records

/// One reading of a stage's source. Three tasks work at once: one reads and renders, one has the ledger decide, one writes
/// what is to be sent. A few batches go round between them.
struct StageReading {
  /// Batches that go round: two for each task.
  private static let batchCount = 6

  private let run: StageRun
  private let plan: Int64
  private let reask: ReadingSession.Reask
  /// Nil when nothing is to be written.
  private let files: ShardFiles?
  /// The fields that were read at the reading before; nil when they are the same now.
  private let readsBefore: RecordReads?
  private let pricing: RequestPricing
  /// Where a partial reading begins; nil for a whole one.
  private let bound: LowerBound?
  private let targetKeys: TargetKeys?

  init(_ run: StageRun, plan: Int64, reask: ReadingSession.Reask, files: ShardFiles?) throws {
    self.run = run
    self.plan = plan
    self.reask = reask
    self.files = files
    let before = try run.ledger.stage(named: run.stage.name)?.reads
    let isSame = before == nil || before == run.stage.reads.mark
    readsBefore = isSame ? nil : before.flatMap(RecordReads.init(mark:))
    pricing = try RequestPricing(run)
    bound = try run.lowerBound(under: plan)
    targetKeys = try TargetKeys(run.stage, in: run.folder)
  }

  /// What a reading would change; changes nothing.
  func count() async throws -> ReadingTally {
    let source = try makeFeed()
    let session = try makeSession()
    defer { session.abandon() }
    _ = try await readAll(source, session, nil, ReadingForecast(pricing))
    return session.soFar
  }

  /// Reads everything and makes the reading the stage's wish, without files of requests: in a ledger that is thrown away.
  func rehearse(stamp: String) async throws -> Rehearsal {
    let source = try makeFeed()
    let session = try makeSession()
    do {
      let forecast = ReadingForecast(pricing)
      let read = try await readAll(source, session, nil, forecast)
      let first = session.firstShard
      let written = session.shards.drafts.map {
        ReadingSession.WrittenShard(
          draft: $0, file: "none", requestCount: $0.requestCount, byteCount: $0.byteCount)
      }
      let tally = try session.commit(
        written, as: .packed, counts: read, stamp: stamp, template: run.stage.transformHash,
        reads: run.stage.reads.mark, estimate: forecast.estimate)
      return Rehearsal(
        tally: tally, read: read, forecast: forecast, firstShard: first,
        shards: written.count { $0.requestCount > 0 })
    } catch {
      session.abandon()
      throw try named(error)
    }
  }

  /// What a reading would do.
  struct Rehearsal {
    let tally: ReadingTally
    let read: ReadingSession.Counts
    let forecast: ReadingForecast
    /// The number that the first new shard would have.
    let firstShard: Int64
    /// How many new shards there would be.
    let shards: Int
  }

  /// Reads everything, writes the shards, and makes the reading the stage's wish.
  ///
  /// - Returns: What changed, and how the stage stands now.
  func run(stamp: String) async throws -> (tally: ReadingTally, counts: StageCounts) {
    guard let files else { preconditionFailure("a reading that counts only is not run") }
    // Opened first: while the reading's transaction is open, the ledger is asked nothing else.
    let source = try makeFeed()
    let session = try makeSession()
    do {
      let sink = run.way.map { _ in
        RequestSink(run.stage.load.shard, files, firstShard: session.firstShard)
      }
      let forecast = ReadingForecast(pricing)
      let read = try await readAll(source, session, sink, forecast)
      let written =
        try sink?.finish(session.shards.drafts, replaced: session.shards.replaced) ?? []
      let tally = try session.commit(
        written, as: files.state, counts: read, stamp: stamp,
        template: run.stage.transformHash, reads: run.stage.reads.mark, judging: run.judgingMark,
        watermark: try run.watermark(after: forecast.highestValue),
        estimate: forecast.estimate)
      let counts = try run.balancedCounts(known: tally.stage)
      let shardCount = written.count { $0.requestCount > 0 }
      run.settings.report(
        .read(
          stage: run.stage.name, tally, counts: counts, shards: shardCount,
          cost: forecast.total.cost))
      return (tally, counts)
    } catch {
      session.abandon()
      throw try named(error)
    }
  }

  private func makeFeed() throws -> sending RecordFeed {
    try RecordFeed(
      run.stage, of: run.plan, in: run.folder, ledger: run.ledger, catalog: run.settings.catalog,
      from: bound)
  }

  private func makeSession() throws -> ReadingSession {
    let onDuplicate: ReadingSession.OnDuplicate =
      switch run.stage.onDuplicate {
      case .error: .error
      case .first: .first
      case .last: .last
      }
    let load = run.stage.calculation == nil ? run.stage.load : nil
    let limits = ShardLimits(
      maxRequests: load?.shard.maxRequests ?? 1, maxBytes: load?.shard.maxBytes ?? 1,
      envelopeBytes: ShardBody.envelopeByteCount)
    var terms = ReadingSession.Terms(
      stage: run.number, plan: plan, provider: load?.provider.name ?? "", limits: limits,
      onDuplicate: onDuplicate, reask: reask, destination: files?.state ?? .packed)
    if let load { terms.reuse = load.reuse.ledgerPolicy }
    terms.extent = bound == nil ? .whole : .partial
    if load == nil { terms.answers = .calculated }
    return try ReadingSession(run.ledger, terms)
  }

  /// Reads and renders ahead of the ledger, writes what it decides to send.
  private func readAll(
    _ source: sending RecordFeed, _ session: ReadingSession, _ sink: RequestSink?,
    _ forecast: ReadingForecast
  ) async throws -> ReadingSession.Counts {
    let free = Conveyor((0..<Self.batchCount).map { _ in AdmissionBatch() })
    let rendered = Conveyor<AdmissionBatch>()
    let decided = Conveyor<AdmissionBatch>()
    async let reader = Self.read(
      run, readsBefore, targetKeys, isPartial: bound != nil, source, from: free, to: rendered)
    async let ending: Void = Self.admit(to: session, from: rendered, to: decided)
    while let batch = try await decided.take() {
      try sink?.write(batch)
      forecast.add(batch)
      free.put(batch)
    }
    // The last file is synced while the ledger ends the source.
    try sink?.close()
    try await ending
    let (counts, highest) = await reader
    forecast.highestValue = highest
    return counts
  }

  /// Fills batches until the source ends.
  @concurrent private static func read(
    _ run: StageRun, _ readsBefore: RecordReads?, _ targetKeys: TargetKeys?, isPartial: Bool,
    _ source: sending RecordFeed,
    from free: Conveyor<AdmissionBatch>,
    to rendered: Conveyor<AdmissionBatch>
  ) async -> (ReadingSession.Counts, highest: JSONValue?) {
    let reader = BatchReader(
      source, run.stage.rowMaker(run.way, readsBefore: readsBefore),
      leaving: isPartial ? RecordLens(run.stage) : nil, targetKeys: targetKeys)
    do {
      while let batch = try await free.take() {
        try reader.fill(batch)
        if batch.rows.isEmpty { break }
        rendered.put(batch)
        run.settings.report(.reading(stage: run.stage.name, count: reader.counts.read))
      }
      rendered.end()
    } catch {
      rendered.end(error)
    }
    return (reader.counts, reader.highestValue)
  }

  /// Has the ledger decide about batches until there are no more.
  @concurrent private static func admit(
    to session: ReadingSession, from rendered: Conveyor<AdmissionBatch>,
    to decided: Conveyor<AdmissionBatch>
  ) async throws {
    do {
      while let batch = try await rendered.take() {
        try session.admit(batch)
        decided.put(batch)
      }
    } catch {
      decided.end(error)
      return
    }
    decided.end()
    try session.endSource()
  }

  /// Adds to an error of the ledger what only the reader knows: where the first of two records stands.
  private func named(_ error: any Error) throws -> any Error {
    guard case ReadingError.duplicateKey(let key, let line) = error else { return error }
    return RunError.duplicateKey(
      stage: run.stage.name, source: run.stage.sourceName,
      key: String(decoding: key, as: UTF8.self), firstLine: try firstLine(of: key),
      secondLine: line)
  }

  private func firstLine(of key: [UInt8]) throws -> Int? {
    let source = try makeFeed()
    let lens = RecordLens(run.stage)
    var found = ByteBuffer()
    while let fed = try source.next() {
      guard fed.isItem else { continue }
      found.removeAll()
      try lens.appendKey(of: fed, source.scope, to: &found)
      if found.bytes.elementsEqual(key) { return fed.record.line }
    }
    return nil
  }
}
