internal import Ledger
internal import Pipelines
internal import Providers
internal import Records

/// One reading of a stage's source. While the ledger decides about one batch of records, the next one is read and
/// rendered.
struct StageReading {
  private let run: StageRun
  private let plan: Int64
  private let reask: ReadingSession.Reask
  /// Nil when only counts are wanted.
  private let files: ShardFiles?

  init(_ run: StageRun, plan: Int64, reask: ReadingSession.Reask, files: ShardFiles?) {
    self.run = run
    self.plan = plan
    self.reask = reask
    self.files = files
  }

  /// What a reading would change; changes nothing.
  func count() async throws -> ReadingTally {
    let source = try makeFeed()
    let session = try makeSession()
    defer { session.abandon() }
    _ = try await readAll(source, session, nil)
    return session.soFar
  }

  /// Reads everything, writes the shards, and makes the reading the stage's wish.
  func run(stamp: String) async throws -> ReadingTally {
    guard let files else { preconditionFailure("a reading that counts only is not run") }
    // Opened first: while the reading's transaction is open, the ledger is asked nothing else.
    let source = try makeFeed()
    let session = try makeSession()
    do {
      let sink = RequestSink(run.stage.load.shard, files, firstShard: session.firstShard)
      let counts = try await readAll(source, session, sink)
      let written = try sink.finish(session.shards.drafts, replaced: session.shards.replaced)
      let tally = try session.commit(
        written, as: files.state, counts: counts, stamp: stamp,
        template: run.stage.transformHash)
      let shardCount = written.count { $0.requestCount > 0 }
      run.settings.report(
        .read(
          stage: run.stage.name, tally, counts: try run.balancedCounts(), shards: shardCount))
      return tally
    } catch {
      session.abandon()
      throw try named(error)
    }
  }

  private func makeFeed() throws -> RecordFeed {
    try RecordFeed(
      run.stage, of: run.plan, in: run.folder, ledger: run.ledger, catalog: run.settings.catalog)
  }

  private func makeSession() throws -> ReadingSession {
    let onDuplicate: ReadingSession.OnDuplicate =
      switch run.stage.onDuplicate {
      case .error: .error
      case .first: .first
      case .last: .last
      }
    return try ReadingSession(
      run.ledger,
      ReadingSession.Terms(
        stage: run.number, plan: plan, provider: run.stage.load.provider.name,
        limits: ShardLimits(
          maxRequests: run.stage.load.shard.maxRequests, maxBytes: run.stage.load.shard.maxBytes,
          envelopeBytes: ShardBody.envelopeByteCount),
        onDuplicate: onDuplicate, reask: reask, destination: files?.state ?? .packed))
  }

  /// Reads and renders ahead of the ledger, writes what it decides to send.
  private func readAll(
    _ source: RecordFeed, _ session: ReadingSession, _ sink: RequestSink?
  ) async throws -> ReadingSession.Counts {
    let reader = BatchReader(source, RequestRenderer(run.stage, run.asking))
    var batch = AdmissionBatch()
    var spare = AdmissionBatch()
    try reader.fill(batch)
    while !batch.rows.isEmpty {
      try Task.checkCancellation()
      let handed = batch
      async let admission: Void = Self.admit(handed, session)
      // What is read ahead must not hide what the ledger says of the batch before.
      let ahead = Result { try reader.fill(spare) }
      try await admission
      try sink?.write(batch)
      try ahead.get()
      swap(&batch, &spare)
      run.settings.report(.reading(stage: run.stage.name, count: reader.counts.read))
    }
    return reader.counts
  }

  @concurrent private static func admit(
    _ batch: AdmissionBatch, _ session: ReadingSession
  ) async throws {
    try session.admit(batch)
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
      guard !fed.isSkipped, try lens.includes(source.scope, line: fed.record.line) else { continue }
      found.removeAll()
      try lens.appendKey(of: fed, source.scope, to: &found)
      if found.bytes.elementsEqual(key) { return fed.record.line }
    }
    return nil
  }
}
