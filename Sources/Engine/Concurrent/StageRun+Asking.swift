internal import Ledger
internal import Pipelines
internal import Providers
internal import Records

extension StageRun {
  /// Ends the shards whose calls a killed run left behind: the answers that it wrote count, the other requests are made
  /// again. What was in flight when it was killed may have been billed: a call, unlike a batch, cannot be found again.
  func settleInterrupted() throws {
    for shard in try ledger.openShards(ofStage: number) where shard.state == .asking {
      guard let file = shard.resultsFile else { preconditionFailure("answers have a file") }
      let log = try answerLog(of: shard, file)
      try settle(try log.recover(), of: shard, file, partial: .no)
      let settled = try ledger.shard(shard.id)
      settings.report(
        .applied(stage: stage.name, shard: shard.id, settled?.outcome ?? ShardOutcome()))
      settings.report(
        .warning(
          stage: stage.name,
          "a run was ended while it asked one by one; what was in flight then is asked again, and may be billed twice"
        ))
    }
  }

  /// Asks a shard's requests one by one, many at a time. When it returns, the shard is settled: what was answered counts,
  /// and what was not is made again.
  ///
  /// - Throws: `RunError`, when no more calls can be made now, answers cannot be stored, or the run was interrupted.
  func ask(
    _ shard: inout ShardRecord, _ measure: ShardMeasure, because reason: String?
  ) async throws {
    let now = clock.milliseconds
    let run = try ledger.beginRun(now: now)
    let file = "results/shard-\(shard.id).jsonl"
    let source = try CallLines(
      path: folder.file(shard.file), byteCount: shard.byteCount, provider.oneByOne, asking.check)
    _ = try ledger.move(&shard, .ask) {
      setAside(measure, for: &$0, in: run)
      $0.lane = .concurrent
      $0.intentAt = now
      $0.submittedAt = now
      $0.resultsFile = file
      $0.nextPollAt = nil
    }
    settings.report(
      .asking(stage: stage.name, shard: shard.id, requests: shard.requestCount, reason: reason))
    let log = try answerLog(of: shard, file)
    let answers = AnswerFile(path: folder.file(file))
    let calls = ConcurrentCalls(provider.oneByOne, terms) {
      try source.next()
    } keep: {
      try answers.append($0)
    }
    let asked = shard
    var answered = 0
    let ending = await CallDrive(calls: calls, clock: clock).run { lines in
      let rows = try log.judge(lines)
      try settle(rows, of: asked, file, partial: .growing)
      answered += rows.count
      settings.report(
        .asked(
          stage: stage.name, shard: asked.id, answered: answered, of: asked.requestCount))
    }
    // What was not stored is found in the file by the next run.
    if let trouble = ending.trouble { throw trouble }
    try settle([], of: shard, file, partial: .no)
    try conclude(ending.calls, of: shard)
  }

  /// The bounds of this stage's calls.
  var terms: ConcurrentCalls.Terms {
    let limits = stage.load.provider
    return ConcurrentCalls.Terms(
      CallPace.Caps(
        calls: stage.load.calls, callsPerMinute: limits.callsPerMinute,
        tokensPerMinute: limits.tokensPerMinute),
      isClockVirtual: clock.isVirtual)
  }

  private func answerLog(of shard: ShardRecord, _ file: String) throws -> AnswerLog {
    AnswerLog(
      path: folder.file(file), judge: AnswerJudge(stage, asking, .concurrent),
      roster: try ledger.roster(of: [shard], customID: RequestKey.customIDHash))
  }

  /// Makes judged rows count, and ends the shard when no more will come.
  private func settle(
    _ rows: [SettledRow], of shard: ShardRecord, _ file: String,
    partial: SettlingSession.IsPartial
  ) throws {
    let session = try SettlingSession(ledger, file: file, now: clock.milliseconds)
    do {
      try session.apply(rows)
      try session.commit([shard], partial: partial, now: clock.milliseconds)
    } catch {
      session.abandon()
      throw error
    }
    let repaired = rows.count(where: \.isRepaired)
    if repaired > 0 { settings.report(.repaired(stage: stage.name, answers: repaired)) }
  }

  /// Tells what came of a shard.
  ///
  /// - Throws: Why it is not complete.
  private func conclude(_ ending: ConcurrentCalls.Ending, of shard: ShardRecord) throws {
    let settled = try ledger.shard(shard.id)
    settings.report(
      .applied(stage: stage.name, shard: shard.id, settled?.outcome ?? ShardOutcome()))
    if ending.doubtful > 0 {
      settings.report(
        .warning(
          stage: stage.name,
          "the answers to \(ending.doubtful) calls were lost; each may have been billed beside the one that counts"
        ))
    }
    if try ledger.pendingCount(ofStage: number) == 0 { folder.remove(folder.file(shard.file)) }
    try report()
    if let error = ending.localError { throw error }
    if let error = ending.error { throw RunError.provider(error) }
    try Task.checkCancellation()
  }
}
