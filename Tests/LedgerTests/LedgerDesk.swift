import Foundation
import GRDB
import TestSupport
import Testing

@testable import Ledger
@testable import Records

/// A record of a test's source.
struct TestRecord: Equatable {
  var key: String
  var text: String
  var rejection: String?
  /// A field that the prompt does not show, but a condition reads.
  var note = ""

  init(_ key: String, _ text: String, rejection: String? = nil, note: String = "") {
    self.key = key
    self.text = text
    self.rejection = rejection
    self.note = note
  }

  /// The identity of the answer that the record wants under a template.
  func content(_ template: String) -> ContentHash { ContentHash(of: template + text) }

  var fields: UInt64 { ContentHash(of: text + "\u{1}" + note).low }
}

/// A request line in a shard file.
struct TestLine: Equatable {
  let key: String
  let content: ContentHash
}

/// A ledger in a scratch folder, with shard files kept in memory: what the engine does around it, in small.
final class LedgerDesk {
  let scratch: ScratchDirectory
  let ledger: RunLedger
  let stage: Int64
  var plan: Int64
  var template = "summarise: "
  var files: [Int64: [TestLine]] = [:]
  /// What was asked for in each row of each results file.
  var askedInRow: [Int: ContentHash] = [:]
  var nextRow = 1
  var billed: [TestLine] = []
  private var nextResults = 1

  init(stage: String = "triage") throws {
    scratch = try ScratchDirectory()
    ledger = try Self.open(scratch)
    self.stage = try ledger.stageID(stage)
    plan = try ledger.planID(hash: ContentHash(of: "plan"), description: "plan")
  }

  /// A second stage of another desk's ledger.
  init(stage: String, besides desk: LedgerDesk) throws {
    scratch = desk.scratch
    ledger = desk.ledger
    self.stage = try ledger.stageID(stage)
    plan = desk.plan
  }

  static func open(_ scratch: ScratchDirectory) throws -> RunLedger {
    try RunLedger.open(
      inFolder: scratch.path("state"), pipeline: "p", file: "/none/p.yaml", isSandbox: .no, now: 1)
  }

  func terms(
    _ onDuplicate: ReadingSession.OnDuplicate = .error, _ reask: ReadingSession.Reask = .allowed,
    shardSize: Int = 1000, as destination: ShardState = .packed
  ) -> ReadingSession.Terms {
    ReadingSession.Terms(
      stage: stage, plan: plan, provider: "main",
      limits: ShardLimits(maxRequests: shardSize, maxBytes: 1 << 30, envelopeBytes: 0),
      onDuplicate: onDuplicate, reask: reask, destination: destination)
  }

  /// A session that has admitted records, in batches of `batchSize`, and the shard files it fills.
  func begin(
    _ records: [TestRecord], _ terms: ReadingSession.Terms, batchSize: Int = 7
  ) throws -> (
    session: ReadingSession, files: [Int64: [TestLine]], decisions: [AdmissionBatch.Decision]
  ) {
    let session = try ReadingSession(ledger, terms)
    var files: [Int64: [TestLine]] = [:]
    var decisions: [AdmissionBatch.Decision] = []
    var line = 2
    var rest = records[...]
    while !rest.isEmpty {
      let part = rest.prefix(batchSize)
      rest = rest.dropFirst(batchSize)
      let batch = batch(part, firstLine: line)
      line += part.count
      try session.admit(batch)
      for (row, record) in zip(batch.rows, part) {
        decisions.append(row.decision)
        guard case .send(let shard) = row.decision else { continue }
        files[shard, default: []].append(
          TestLine(key: record.key, content: record.content(template)))
      }
    }
    return (session, files, decisions)
  }

  private func batch(_ records: ArraySlice<TestRecord>, firstLine: Int) -> AdmissionBatch {
    let batch = AdmissionBatch()
    for (offset, record) in records.enumerated() {
      let start = batch.keys.count
      batch.keys.append(text: record.key)
      let request = batch.requests.count
      batch.requests.append(text: "request")
      batch.rows.append(
        AdmissionBatch.Row(
          key: start..<batch.keys.count, line: firstLine + offset,
          content: record.content(template),
          fields: record.fields, request: request..<batch.requests.count,
          tokens: AdmissionBatch.Tokens(low: 1, likely: 2, high: 3),
          rejection: record.rejection.map {
            AdmissionBatch.Rejection(reason: $0, detail: "because")
          }))
    }
    return batch
  }

  /// A complete reading.
  @discardableResult
  func read(
    _ records: [TestRecord], _ onDuplicate: ReadingSession.OnDuplicate = .error,
    _ reask: ReadingSession.Reask = .allowed, shardSize: Int = 1000, stamp: String = "stamp",
    filtered: Int = 0, as destination: ShardState = .packed
  ) throws -> ReadingTally {
    let terms = terms(onDuplicate, reask, shardSize: shardSize, as: destination)
    let (session, written, _) = try begin(records, terms)
    var lines = written
    let (drafts, replaced) = session.shards
    for request in replaced {
      let key = String(decoding: request.key, as: UTF8.self)
      let position = lines[request.shard]?.firstIndex { $0.key == key }
      guard let position else { preconditionFailure("a replaced request is in its file") }
      lines[request.shard]?.remove(at: position)
    }
    let shards = drafts.map { draft in
      let count = lines[draft.number]?.count ?? 0
      return ReadingSession.WrittenShard(
        draft: draft, file: "shards/shard-\(draft.number).jsonl", requestCount: count,
        byteCount: 8 * count)
    }
    for (shard, part) in lines { files[shard] = part }
    var counts = ReadingSession.Counts()
    counts.read = records.count + filtered
    counts.filtered = filtered
    let tally = try session.commit(
      shards, as: destination, counts: counts, stamp: stamp, template: ContentHash(of: template))
    if let known = tally.stage { #expect(try ledger.counts(ofStage: stage) == known) }
    return tally
  }

  /// Sends a packed shard, after what nobody wants any more was taken out; nil when nothing is left.
  @discardableResult
  func submit(_ id: Int64) throws -> ShardRecord? {
    guard var shard = try ledger.shard(id) else { return nil }
    let wanted = Set(try ledger.wantedKeys(of: shard).map { String(decoding: $0, as: UTF8.self) })
    guard !wanted.isEmpty else {
      _ = try ledger.move(&shard, .discard)
      return nil
    }
    files[id] = files[id]?.filter { wanted.contains($0.key) }
    shard.requestCount = wanted.count
    try ledger.update(shard)
    _ = try ledger.move(&shard, .submit) { $0.intentAt = 5 }
    _ = try ledger.move(&shard, .created) { $0.remoteID = "batch-\(id)" }
    billed += files[id] ?? []
    return shard
  }

  /// Settles a shard in flight (or exported) with a verdict for each of its lines.
  ///
  /// A verdict of nil leaves the row out of the results file.
  func settle(
    _ id: Int64, as file: String? = nil,
    _ judge: (TestLine) -> (AttemptOutcome, SettledRow.Verdict)?
  ) throws {
    guard var shard = try ledger.shard(id), shard.state != .discarded else { return }
    if shard.state == .submitted { _ = try ledger.move(&shard, .finished) }
    let name = file ?? "results/\(id)-\(nextResults).jsonl"
    nextResults += 1
    if shard.state == .ended {
      _ = try ledger.move(&shard, .resultsStored) { $0.resultsFile = name }
    }
    try apply(files[id] ?? [], to: [shard], file: name, partial: shard.state == .exported, judge)
  }

  /// Applies rows to shards.
  func apply(
    _ lines: [TestLine], to shards: [ShardRecord], file: String, partial: Bool,
    _ judge: (TestLine) -> (AttemptOutcome, SettledRow.Verdict)?
  ) throws {
    var roster = try ledger.roster(of: shards) { ContentHash(of: $0) }
    // So few that most files take several rounds.
    let session = try SettlingSession(ledger, file: file, now: 9, answerRound: 7)
    var rows: [SettledRow] = []
    for line in lines {
      guard let (outcome, verdict) = judge(line) else { continue }
      guard let place = roster.take(ContentHash(of: line.key)) else {
        session.countStrays(1)
        continue
      }
      askedInRow[nextRow] = line.content
      var row = SettledRow(
        place: place, outcome: outcome, verdict: verdict, row: nextRow..<(nextRow + 1),
        detail: verdict == .accept ? nil : "words")
      row.inputTokens = 2
      row.outputTokens = 1
      row.costNano = 10
      rows.append(row)
      nextRow += 1
    }
    while !rows.isEmpty {
      try session.apply(Array(rows.prefix(5)))
      rows.removeFirst(min(5, rows.count))
    }
    if !partial {
      try session.apply(
        roster.untaken.map {
          SettledRow(
            place: $0, outcome: .missing, verdict: .retry(attempts: 3), row: nil, detail: "no row")
        })
    }
    try session.commit(shards, partial: partial ? .yes : .no, now: 9)
  }

  /// Packs what is pending from the files that have it; what no file has is forgotten.
  func packAgain() throws {
    let sources = try ledger.shardsToRepeat(ofStage: stage)
    var lost: [Int64] = []
    var ready: [(Int64, TestLine)] = []
    var wave = 1
    for source in sources {
      var waiting = try ledger.waitingRequests(of: source) { ContentHash(of: $0) }
      for line in files[source.id] ?? [] {
        guard let request = waiting.removeValue(forKey: ContentHash(of: line.key)) else { continue }
        ready.append((request.item, line))
        wave = max(wave, request.attempt)
      }
      lost += waiting.values.map(\.item)
    }
    if !lost.isEmpty { try ledger.forgetReading(ofStage: stage, items: lost) }
    guard !ready.isEmpty else { return }
    let number = try ledger.nextShardNumber()
    try ledger.pack(
      RunLedger.RepeatedShard(
        stage: stage, plan: plan, provider: "main", file: "shards/shard-\(number).jsonl",
        items: ready.map(\.0), byteCount: 8 * ready.count, inputTokens: 0, wave: wave))
    files[number] = ready.map(\.1)
  }

  /// An item as the table has it.
  func item(_ key: String) throws -> (state: ItemState, shard: Int64?, reason: String?)? {
    try ledger.queue.read { database in
      try Row.fetchOne(
        database, sql: "SELECT * FROM items WHERE stage_id = ? AND key = ?",
        arguments: [stage, Data(key.utf8)]
      ).map { (ItemState(stored: $0["state"]), $0["shard_id"], $0["reason"]) }
    }
  }

  func state(_ key: String) throws -> ItemState? { try item(key)?.state }

  func counts() throws -> StageCounts { try ledger.counts(ofStage: stage) }

  /// A number that a query finds.
  func number(_ sql: String) throws -> Int {
    try ledger.queue.read { try Int.fetchOne($0, sql: sql) ?? 0 }
  }

  /// Everything the ledger holds, as text.
  func dump(of ledger: RunLedger? = nil) throws -> String {
    try (ledger ?? self.ledger).queue.read { database in
      var lines: [String] = []
      for table in ["stages", "plans", "shards", "items", "attempts", "answers", "results"] {
        let rows = try Row.fetchAll(database, sql: "SELECT * FROM \(table) ORDER BY 1, 2")
        lines += rows.map { "\(table) \($0)" }
      }
      return lines.joined(separator: "\n")
    }
  }

  /// The text that was asked for in the answer that a key has; nil when it has none.
  func answeredContent(_ key: String) throws -> ContentHash? {
    let walk = try AnswerWalk(ledger, stage: stage)
    let kept = try Array(key.utf8).withUnsafeBufferPointer { try walk.find($0) }
    return kept?.place.flatMap { askedInRow[$0.row.lowerBound] }
  }

  /// Expects that items have the same answers when they are read one after the other as when each is looked up.
  func expectSameAnswersInOrder() throws {
    let looking = try AnswerWalk(ledger, stage: stage, notingAfter: .max)
    let walking = try AnswerWalk(ledger, stage: stage, notingAfter: 1)
    let (looked, walked) = (AnswerPage(), AnswerPage())
    var last: Int64 = 0
    repeat {
      try looking.load(looked, after: last)
      try walking.load(walked, after: last)
      #expect((0..<looked.count).map { looked[$0] } == (0..<walked.count).map { walked[$0] })
      if looked.count > 0 { last = looked[looked.count - 1].item }
    } while looked.count > 0
  }
}

/// A good answer.
func accept(_ line: TestLine) -> (AttemptOutcome, SettledRow.Verdict)? { (.accepted, .accept) }

/// An answer that is final, and none.
func refuse(_ line: TestLine) -> (AttemptOutcome, SettledRow.Verdict)? { (.refusal, .reject) }

/// Trouble that may pass.
func fail(_ line: TestLine) -> (AttemptOutcome, SettledRow.Verdict)? {
  (.serverError, .retry(attempts: 3))
}
