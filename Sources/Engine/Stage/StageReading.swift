internal import Ledger
internal import Pipelines
internal import Providers
internal import Records

/// One reading of a stage's source. While the ledger decides about one batch of records, the next one is read and
/// rendered.
struct StageReading {
  private static let batchRows = 2048
  private static let batchBytes = 3 << 20

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
    var writer: ShardWriter?
    _ = try await readAll(source, session, &writer)
    return session.soFar
  }

  /// Reads everything, writes the shards, and makes the reading the stage's wish.
  func run(stamp: String) async throws -> ReadingTally {
    guard let files else { preconditionFailure("a reading that counts only is not run") }
    // Opened first: while the reading's transaction is open, the ledger is asked nothing else.
    let source = try makeFeed()
    let session = try makeSession()
    do {
      var writer: ShardWriter? = makeWriter(files, session)
      var (counts, packed) = try await readAll(source, session, &writer)
      if let last = try writer?.finish() { packed.append(last) }
      let written = try zip(session.shards.drafts, packed).map { draft, shard in
        try describe(draft, shard, session, files)
      }
      let tally = try session.commit(
        written, as: files.state, counts: counts, stamp: stamp,
        template: run.stage.transformHash)
      run.settings.report(
        .read(
          stage: run.stage.name, tally, counts: try run.balancedCounts(),
          shards: written.filter { $0.requestCount > 0 }.count))
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
        onDuplicate: onDuplicate, reask: reask))
  }

  private func makeWriter(_ files: ShardFiles, _ session: ReadingSession) -> ShardWriter {
    ShardWriter(
      folder: files.folder,
      limits: ShardWriter.Limits(
        requestCount: run.stage.load.shard.maxRequests,
        bodyByteCount: run.stage.load.shard.maxBytes),
      firstNumber: Int(session.firstShard), name: { files.name(Int64($0)) })
  }

  /// Reads and renders ahead of the ledger, writes what it decides to send.
  private func readAll(
    _ source: RecordFeed, _ session: ReadingSession, _ writer: inout ShardWriter?
  ) async throws -> (ReadingSession.Counts, [PackedShard]) {
    var counts = ReadingSession.Counts()
    var packed: [PackedShard] = []
    let renderer = RequestRenderer(run.stage, run.asking)
    var batch = AdmissionBatch()
    var spare = AdmissionBatch()
    var hasMore = try fill(batch, from: source, with: renderer, &counts)
    while !batch.rows.isEmpty {
      try Task.checkCancellation()
      let handed = batch
      async let admission: Void = Self.admit(handed, session)
      spare.removeAll()
      // What is read ahead must not hide what the ledger says of the batch before.
      let ahead = Result { hasMore ? try fill(spare, from: source, with: renderer, &counts) : false }
      try await admission
      try write(batch, to: &writer, &packed)
      hasMore = try ahead.get()
      swap(&batch, &spare)
      run.settings.report(.reading(stage: run.stage.name, count: counts.read))
    }
    return (counts, packed)
  }

  @concurrent private static func admit(
    _ batch: AdmissionBatch, _ session: ReadingSession
  ) async throws {
    try session.admit(batch)
  }

  /// Fills a batch; false when the source is at its end.
  private func fill(
    _ batch: AdmissionBatch, from source: RecordFeed, with renderer: RequestRenderer,
    _ counts: inout ReadingSession.Counts
  ) throws -> Bool {
    while batch.rows.count < Self.batchRows, batch.requests.count < Self.batchBytes {
      guard let fed = try source.next() else { return false }
      counts.read += 1
      if fed.isSkipped {
        counts.skipped += 1
      } else if try renderer.includes(fed, source.scope) {
        try renderer.add(fed, source.scope, to: batch)
      } else {
        counts.filtered += 1
      }
    }
    return true
  }

  private func write(
    _ batch: AdmissionBatch, to writer: inout ShardWriter?, _ packed: inout [PackedShard]
  ) throws {
    guard writer != nil else { return }
    for row in batch.rows {
      guard case .send(let shard) = row.decision else { continue }
      let line = UnsafeBufferPointer(rebasing: batch.requests.bytes[row.request])
      if let closed = try writer?.append(line, tokens: .zero) { packed.append(closed) }
      precondition(
        writer?.currentNumber == Int(shard), "the ledger and the writer cut shards alike")
    }
  }

  /// Describes a shard's file, after requests were taken out of it whose record was replaced.
  private func describe(
    _ draft: ShardDraft, _ shard: PackedShard, _ session: ReadingSession, _ files: ShardFiles
  ) throws -> ReadingSession.WrittenShard {
    let replaced = session.shards.replaced.filter { $0.shard == draft.number }
    var byteCount = shard.fileByteCount
    if !replaced.isEmpty {
      byteCount = try ShardRewrite(path: shard.path).dropFirst(of: replaced.map(\.key))
    }
    return ReadingSession.WrittenShard(
      draft: draft, file: files.prefix + shard.name,
      requestCount: shard.requestCount - replaced.count, byteCount: byteCount)
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

extension ShardFiles {
  /// The file of a shard.
  func name(_ shard: Int64) -> String { "\(stem)shard-\(shard).jsonl" }
}
