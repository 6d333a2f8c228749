internal import Ledger
internal import Pipelines
internal import Providers
internal import Records

/// A few records of a stage, asked beside its readings. Used by one task.
final class StageTrial {
  private let run: StageRun
  private var report = TrialReport()
  /// What each sample wants; nil for one that cannot be asked.
  private var contents: [ContentHash?] = []
  private var requests: [[UInt8]] = []
  /// The samples that are asked, one for each identity.
  private var asked: [Int] = []
  /// The rows that came, as they lie in the results file.
  private var lines: [UInt8] = []

  init(_ run: StageRun) { self.run = run }

  /// Reads, asks, and tells.
  func run(_ count: Int, key: String?) async throws -> TrialReport {
    try RequestShape.check(run.stage, run.asking)
    try read(count, key)
    let plan = try run.planID()
    try findKnown(plan)
    chooseAsked()
    if !asked.isEmpty { try await ask(plan) }
    try findKnown(plan)
    return report
  }

  private func read(_ count: Int, _ key: String?) throws {
    let feed = try RecordFeed(
      run.stage, of: run.plan, in: run.folder, ledger: run.ledger, catalog: run.settings.catalog)
    let repeated = try RepeatedKeys(
      run.stage, of: run.plan, in: run.folder, ledger: run.ledger, catalog: run.settings.catalog)
    let rows = run.stage.rowMaker(run.asking)
    let batch = AdmissionBatch()
    while report.samples.count < count, let fed = try feed.next() {
      guard fed.isItem else { continue }
      batch.removeAll()
      try rows.add(fed, feed.scope, to: batch)
      guard let row = batch.rows.first, repeated.counts(batch.key(of: row)) else { continue }
      var sample = TrialSample(
        key: String(decoding: batch.key(of: row), as: UTF8.self), line: row.line)
      guard key == nil || key == sample.key else { continue }
      try refuseRepeated(sample)
      let request = Array(batch.requests.bytes[row.request])
      if let rejection = row.rejection {
        sample.outcome = .rejected("\(rejection.reason): \(rejection.detail)")
      } else {
        try sample.readTexts(of: request)
      }
      report.samples.append(sample)
      contents.append(row.rejection == nil ? row.content : nil)
      requests.append(request)
    }
  }

  /// Refuses, as a reading would, a second record with a key where `on_duplicate` does not say which counts.
  private func refuseRepeated(_ sample: TrialSample) throws(RunError) {
    for other in report.samples where other.key.utf8.elementsEqual(sample.key.utf8) {
      throw RunError.duplicateKey(
        stage: run.stage.name, source: run.stage.sourceName, key: sample.key,
        firstLine: other.line, secondLine: sample.line)
    }
  }

  /// Takes the answers that the ledger has.
  private func findKnown(_ plan: Int64) throws {
    let wanted = contents.indices.filter {
      contents[$0] != nil && report.samples[$0].outcome == .unasked
    }
    let places = try run.ledger.answers(to: wanted.compactMap { contents[$0] }, plan: plan)
    let store = try AnswerStore(
      run.stage, addedNulls: run.asking.lowering?.addedNulls, in: run.folder, ledger: run.ledger)
    for (sample, place) in zip(wanted, places) {
      guard let place else { continue }
      var text = ByteBuffer()
      try store.appendText(at: place, to: &text)
      report.samples[sample].answer = text.text
      report.samples[sample].outcome = .known
    }
  }

  private func chooseAsked() {
    var seen: Set<ContentHash> = []
    asked = contents.indices.filter { sample in
      guard let content = contents[sample], report.samples[sample].outcome == .unasked else {
        return false
      }
      return seen.insert(content).inserted
    }
  }

  private func ask(_ plan: Int64) async throws {
    let number = try run.ledger.nextShardNumber()
    let name = "shards/shard-\(number).jsonl"
    let byteCount = try write(to: run.folder.file(name))
    let openBefore = try run.ledger.openRun()
    var trial = TrialShard(
      stage: run.number, plan: plan, provider: run.stage.load.provider.name, file: name,
      resultsFile: "results/shard-\(number).jsonl", contents: asked.compactMap { contents[$0] },
      byteCount: byteCount, inputTokens: 0, run: 0, reservedNano: 0, worstNano: 0)
    try setAside(&trial)
    trial.run = try run.ledger.beginRun(now: run.clock.milliseconds)
    let shard = try run.ledger.beginTrial(trial, now: run.clock.milliseconds)
    let roster = ShardRoster(trial: try asked.map { try customID(of: requests[$0]) })
    let log = AnswerLog(
      path: run.folder.file(trial.resultsFile),
      judge: AnswerJudge(run.stage, run.asking, .concurrent), roster: roster)
    let source = try CallLines(
      path: run.folder.file(name), byteCount: byteCount, run.provider.oneByOne,
      run.asking.check)
    let answers = AnswerFile(path: run.folder.file(trial.resultsFile))
    let calls = ConcurrentCalls(run.provider.oneByOne, run.terms) {
      try source.next()
    } keep: {
      try answers.append($0)
    }
    var rows: [SettledRow] = []
    let ending = await CallDrive(calls: calls, clock: run.clock).run { piece in
      rows += try log.judge(piece)
      lines += piece
    }
    try run.ledger.settle(shard, of: trial, rows, now: run.clock.milliseconds)
    run.folder.remove(run.folder.file(name))
    if openBefore == nil { _ = try run.ledger.endRun(now: run.clock.milliseconds) }
    for row in rows { tell(row) }
    if let trouble = ending.trouble ?? ending.calls.localError { throw trouble }
    report.problem = ending.calls.error.map { RunError.provider($0) }
  }

  private func write(to path: String) throws -> Int {
    let file = try AtomicFile(path: path)
    do {
      for sample in asked {
        try requests[sample].withUnsafeBufferPointer { try file.append($0) }
        try file.append(text: "\n")
      }
      try file.commit()
    } catch {
      file.abandon()
      throw error
    }
    return file.byteCount
  }

  /// Notes what is set aside for the requests.
  ///
  /// - Throws: `RunError.budget` when there is no money for it.
  private func setAside(_ trial: inout TrialShard) throws {
    var measure = ShardMeasure()
    var tape = JSONTape()
    for sample in asked {
      try requests[sample].withUnsafeBufferPointer { bytes in
        measure.add(
          run.asking.check.use(of: try tape.parse(bytes)), run.asking.cost(.concurrent),
          run.plan.budget?.reserve ?? .high, end: 0)
      }
    }
    trial.inputTokens = measure.inputTokens
    trial.reservedNano = measure.reserved.nanodollars
    trial.worstNano = measure.worst.nanodollars
    guard let left = try run.moneyLeft(), measure.reserved > left else { return }
    var stop = try run.budgetStop(.concurrent)
    stop.waiting += asked.count
    stop.needed += measure.reserved
    throw RunError.budget(stop)
  }

  private func customID(of request: [UInt8]) throws -> ContentHash {
    var tape = JSONTape()
    return try request.withUnsafeBufferPointer { bytes in
      guard let id = try tape.parse(bytes)["custom_id"] else {
        preconditionFailure("a request that was rendered has an id")
      }
      return RequestKey.hash(of: id)
    }
  }

  /// Tells what came of a request.
  private func tell(_ row: SettledRow) {
    guard case .item(let number) = row.place, let range = row.row else { return }
    let sample = asked[Int(number) - 1]
    report.samples[sample].cost = Money(nanodollars: row.costNano)
    report.samples[sample].outcome =
      row.outcome == .accepted
      ? .accepted : .failed("\(row.outcome.rawValue): \(row.detail ?? "no reason was given")")
    var tape = JSONTape()
    lines[range].withUnsafeBufferPointer { bytes in
      guard case .succeeded(let message) = ResultRow(bytes, using: &tape).outcome else { return }
      var text = ByteBuffer()
      message.appendText(to: &text)
      report.samples[sample].answer = text.text
    }
  }
}

extension TrialSample {
  /// Takes the texts out of a request.
  ///
  /// - Throws: `JSONError`, which its writer rules out.
  fileprivate mutating func readTexts(of request: [UInt8]) throws {
    var tape = JSONTape()
    try request.withUnsafeBufferPointer { bytes in
      let texts = RequestTexts(try tape.parse(bytes))
      system = texts.system
      prompt = texts.turns.joined(separator: "\n\n")
    }
  }
}
