internal import Ledger
internal import Pipelines
internal import Providers
internal import Records

extension StageRun {
  /// So often a reading may follow another at once, for records that the one before could not decide about.
  private static let readingLimit = 3

  /// Reads the source, if it or the way of asking changed since the last complete reading, or if items wait for
  /// another one. What an invocation has read it does not read again because the source changed meanwhile.
  ///
  /// - Returns: The accepted answers that were not asked for again because that was not allowed.
  func read() async throws -> Reask {
    if stage.upstreams.isEmpty { try Task.checkCancellation() }
    for _ in 0..<Self.readingLimit {
      let stamp = try readingStamp()
      let record = try ledger.stage(named: stage.name)
      let before = readings.reading(of: stage.name)
      if let before, before.withheld.count > 0,
        before.stamp == stamp || stage.upstreams.isEmpty
      {
        return before.withheld
      }
      let isKnown = before != nil && stage.upstreams.isEmpty
      var isWanted = false
      if before == nil { isWanted = try isRereadWanted() }
      if let read = record?.readingStamp, read == stamp || isKnown, !isWanted { break }
      if let way { try RequestShape.check(stage, way) }
      try ledger.wakeOrphanedTwins()
      let reask = try await reaskPolicy(record)
      let tally = try await read(stamp: stamp, reask: reask)
      let withheld =
        way.map { Reask(tally.withheld, tokens: tally.tokensAgain, of: stage, $0) } ?? .none
      readings.note(stage.name, stamp: stamp, withheld: withheld)
      if tally.unread == 0 { return withheld }
    }
    if readings.reading(of: stage.name) == nil {
      readings.note(stage.name, stamp: try readingStamp(), withheld: .none)
    }
    return .none
  }

  /// Whether a source that is known is read again: where that is asked for, and where files that are shown with prompts
  /// may be others than at the last reading, which are looked at anew when nothing is under way.
  private func isRereadWanted() throws -> Bool {
    if settings.readsEverything, stage.since != nil { return true }
    guard stage.calculation == nil, !stage.question.attachments.templates.isEmpty else {
      return false
    }
    return try ledger.counts(ofStage: number).pending == 0
  }

  /// What the reading is of: the source, the way of asking, and everything that decides what a record becomes.
  func readingStamp() throws -> String {
    let reuse = stage.calculation == nil ? stage.load.reuse.ledgerPolicy : ReusePolicy()
    let kept =
      reuse == ReusePolicy() ? "" : " | \(reuse.kept.rawValue) \(reuse.revalidated.rawValue)"
    return
      "\(try sourceStamp()) | \(stage.identity.hash.hexadecimal) | \(stage.transformHash.hexadecimal)\(kept)\(try answeredMark())"
  }

  /// What the stage's records are: a mark of the files, and of the stages that are read.
  func sourceStamp() throws -> String {
    let stamp = try sourceStamp(of: stage.source)
    switch stage.join?.with {
    case nil: return stamp
    case .stage(let name): return "\(stamp) with \(try sourceStamp(of: .stage(name)))"
    case .dataset(let source): return "\(stamp) with \(try sourceStamp(of: source))"
    }
  }

  func sourceStamp(of source: SourcePlan) throws -> String {
    switch source {
    case .stage(let name):
      guard let upstream = plan.stage(name), let record = try ledger.stage(named: name) else {
        return "unread"
      }
      let below = StageRun(
        stage: upstream, plan: plan, way: nil, ledger: ledger, accounts: accounts,
        folder: folder, session: session, clock: clock, settings: settings, number: record.id,
        readings: readings)
      return "stage \(name) version \(record.version) of \(try below.sourceStamp())"
    case .standardInput:
      return try SourceStamp(path: folder.standardInput).description
    case .sqlite(let file, _): return try SourceStamp(path: file.path, isDatabase: true).description
    case .csv(let file, _), .jsonl(let file): return try SourceStamp(path: file.path).description
    }
  }

  /// Whether asking again for accepted answers is allowed: counted first when the way of asking changed.
  private func reaskPolicy(_ record: StageRecord?) async throws -> ReadingSession.Reask {
    if settings.reaskAnswer == true { return .allowed }
    guard let way, let record, let before = record.templateHash else { return .allowed }
    let plan = try planID()
    if before == stage.transformHash, record.plan == plan { return .allowed }
    let accepted = try ledger.counts(ofStage: number).accepted
    guard accepted > 0 else { return .allowed }
    let tally = try await StageReading(self, plan: plan, reask: .allowed, files: nil).count()
    guard self.plan.reaskLimit.isExceeded(byReasking: tally.reasked, of: accepted) else {
      return .allowed
    }
    let reask = Reask(tally.reasked, tokens: tally.tokensAgain, of: stage, way)
    if let ask = settings.askReask, ask(stage.name, reask) { return .allowed }
    return .withheld
  }

  /// The ledger's number of the plan half of the stage's identities.
  func planID() throws(LedgerError) -> Int64 {
    let identity = stage.identity
    return try ledger.planID(hash: identity.hash, description: identity.text)
  }

  private func read(stamp: String, reask: ReadingSession.Reask) async throws -> ReadingTally {
    let plan = try planID()
    let files = ShardFiles(folder: folder.shards, prefix: "shards/", stem: "", state: .packed)
    let reading = try StageReading(self, plan: plan, reask: reask, files: files)
    return try await reading.run(stamp: stamp).tally
  }
}

extension RecordLimit {
  /// So many answers are asked for again without a word, whatever share of all they are.
  private static let fewest = 100

  /// Whether asking again for `count` of `total` accepted answers needs a yes.
  func isExceeded(byReasking count: Int, of total: Int) -> Bool {
    if case .share = self, count <= Self.fewest { return false }
    return isExceeded(by: count, of: total)
  }
}
