import Foundation
import GRDB
import Records
import Testing

@testable import Ledger

/// Random nights against a simple model: which answers were paid for, and what each record wants now.
///
/// A failing seed is printed with the issue; `LEAVEN_SEED=n` runs only that one, `LEAVEN_SEEDS=n` so many.
@Suite struct ModelTests {
  static var seeds: [UInt64] {
    let environment = ProcessInfo.processInfo.environment
    if let seed = environment["LEAVEN_SEED"].flatMap(UInt64.init) { return [seed] }
    return Array(1...(environment["LEAVEN_SEEDS"].flatMap(UInt64.init) ?? 12))
  }

  @Test(arguments: seeds) func randomNights(seed: UInt64) throws {
    let night = try RandomNights(seed: seed)
    for step in 0..<100 { try night.step(step) }
    try night.finish()
  }
}

/// One random history, checked after each step.
private final class RandomNights {
  private let desk: LedgerDesk
  private let seed: UInt64
  private var random: Random
  private var source: [TestRecord]
  private var onDuplicate: ReadingSession.OnDuplicate
  private var nextKey = 12
  private var step = "start"
  /// The contents that were ever accepted, by plan.
  private var answered: Set<ContentHash> = []
  /// Results files applied to exported shards, to be applied again.
  private var imported: [(file: String, lines: [TestLine])] = []

  init(seed: UInt64) throws {
    self.seed = seed
    random = Random(seed: seed)
    desk = try LedgerDesk()
    onDuplicate = [.error, .first, .last][Int(seed % 3)]
    source = (0..<12).map { TestRecord("k\($0)", "text \($0 % 8)") }
    try desk.read(source, onDuplicate, shardSize: 5)
  }

  func step(_ number: Int) throws {
    let actions: [(String, () throws -> Void)] = [
      ("read", read), ("read", read), ("send", send), ("send", send), ("settle", settle),
      ("settle", settle), ("settle", settle), ("pack", desk.packAgain), ("lose", lose),
      ("retry", retry), ("forget files", forgetFiles), ("import", importSome),
      ("discard", discard), ("abandon", abandon), ("read again", readAgain),
    ]
    let (name, action) = actions[Int.random(in: 0..<actions.count, using: &random)]
    step = "seed \(seed), step \(number) (\(name))"
    try action()
    try check()
  }

  // MARK: Steps

  private func read() throws {
    mutateSource()
    if random.chance(10) {
      desk.template = ["summarise: ", "translate: "].randomElement(using: &random) ?? ""
    }
    let export = random.chance(20)
    let before = try accepted()
    let withheld = random.chance(20)
    let tally = try desk.read(
      source, onDuplicate, withheld ? .withheld : .allowed, shardSize: 5, filtered: 2,
      as: export ? .exported : .packed)
    let kept = try accepted()
    if withheld {
      #expect(tally.reasked == 0 || kept.count <= before.count + source.count, "\(step)")
    }
  }

  private func readAgain() throws {
    try desk.read(source, onDuplicate, shardSize: 5)
    if try desk.ledger.stage(named: "triage")?.readingStamp == nil {
      try desk.read(source, onDuplicate, shardSize: 5)
    }
  }

  private func mutateSource() {
    for _ in 0..<Int.random(in: 0...4, using: &random) {
      let position = Int.random(in: 0...source.count, using: &random)
      switch Int.random(in: 0..<7, using: &random) {
      case 0, 1:
        source.insert(TestRecord("k\(nextKey)", text()), at: position)
        nextKey += 1
      case 2 where position < source.count: source.remove(at: position)
      case 3 where position < source.count: source[position].text = text()
      case 4 where position < source.count:
        source[position].rejection = source[position].rejection == nil ? "too-large" : nil
      case 5: source.shuffle(using: &random)
      case 6 where position < source.count && onDuplicate != .error:
        source.append(TestRecord(source[position].key, text()))
      default: continue
      }
    }
  }

  private func text() -> String { "text \(Int.random(in: 0..<10, using: &random))" }

  private func send() throws {
    let packed = try desk.ledger.openShards().filter { $0.state == .packed }
    guard let shard = packed.randomElement(using: &random) else { return }
    let inFlight = try asked()
    try desk.submit(shard.id)
    guard onDuplicate != .last else { return }
    for line in desk.files[shard.id] ?? []
    where try desk.ledger.shard(shard.id)?.state == .submitted {
      #expect(!inFlight.contains(line.content), "asked twice at a time; \(step)")
    }
  }

  /// The contents asked for by requests whose shards are at the provider.
  private func asked() throws -> Set<ContentHash> {
    let shards = try desk.ledger.openShards().filter { $0.state == .submitted }
    return Set(shards.flatMap { desk.files[$0.id] ?? [] }.map(\.content))
  }

  private func settle() throws {
    let open = try desk.ledger.openShards().filter { $0.state == .submitted }
    guard let shard = open.randomElement(using: &random) else { return }
    desk.files[shard.id]?.shuffle(using: &random)
    try desk.settle(shard.id, verdict)
  }

  private func verdict(_ line: TestLine) -> (AttemptOutcome, SettledRow.Verdict)? {
    switch Int.random(in: 0..<10, using: &random) {
    case 0: return refuse(line)
    case 1, 2: return fail(line)
    case 3: return nil
    default:
      answered.insert(line.content)
      return accept(line)
    }
  }

  private func lose() throws {
    let open = try desk.ledger.openShards().filter { $0.state == .submitted }
    guard random.chance(30), var shard = open.randomElement(using: &random) else { return }
    _ = try desk.ledger.move(&shard, .lost)
  }

  private func retry() throws {
    guard random.chance(40) else { return }
    try desk.ledger.retryFailures(ofStage: nil)
  }

  private func forgetFiles() throws {
    guard random.chance(30) else { return }
    let open = Set(try desk.ledger.openShards().map(\.id))
    desk.files = desk.files.filter { open.contains($0.key) }
  }

  private func importSome() throws {
    if random.chance(30), let again = imported.randomElement(using: &random) {
      let shards = try desk.ledger.exportedShards(answeredBy: again.file)
      return try desk.apply(again.lines, to: shards, file: again.file, partial: true, verdict)
    }
    let exported = try desk.ledger.openShards().filter { $0.state == .exported }
    let lines = exported.flatMap { desk.files[$0.id] ?? [] }.shuffled(using: &random)
    guard !lines.isEmpty else { return }
    let file = "results/import-\(imported.count)"
    let part = Array(lines.prefix(Int.random(in: 1...lines.count, using: &random)))
    imported.append((file, part))
    try desk.apply(part, to: exported, file: file, partial: true, verdict)
  }

  private func discard() throws {
    let exported = try desk.ledger.openShards().filter { $0.state == .exported }
    guard random.chance(30), var shard = exported.randomElement(using: &random) else { return }
    _ = try desk.ledger.move(&shard, .discard)
  }

  private func abandon() throws {
    let before = try desk.dump()
    let sessions = try desk.begin(source.shuffled(using: &random), desk.terms(.last))
    sessions.session.abandon()
    #expect(try desk.dump() == before, "\(step)")
  }

  // MARK: Invariants

  private func accepted() throws -> Set<String> {
    Set(try desk.items().filter { $0.state == .accepted }.map(\.key))
  }

  private func check() throws {
    let counts = try desk.counts()
    #expect(counts.isBalanced, "\(counts); \(step)")
    try desk.expectSameAnswersInOrder()
    let items = try desk.items()
    let open = Dictionary(uniqueKeysWithValues: try desk.ledger.openShards().map { ($0.id, $0) })
    let waiting = Set(items.filter(\.isAsking).compactMap(\.content))
      .union(try desk.openAttempts())
    for item in items {
      switch item.state {
      case .packed:
        let lines = desk.files[item.shard ?? 0]?.filter { $0.key == item.key } ?? []
        #expect(lines.map(\.content) == [item.content], "\(item.key) is in its file once; \(step)")
        #expect(open[item.shard ?? 0] != nil, "\(item.key) waits in an open shard; \(step)")
      case .accepted:
        #expect(try desk.answeredContent(item.key) == item.content, "\(item.key) \(step)")
        #expect(item.content.map(answered.contains) == true, "\(item.key) \(step)")
      case .twin:
        #expect(item.content.map(waiting.contains) == true, "\(item.key) waits for nobody; \(step)")
      case .unread:
        #expect(try desk.ledger.stage(named: "triage")?.readingStamp == nil, "\(step)")
      case .pending, .rejected, .removed: break
      }
    }
    let exported = open.values.filter { $0.state == .exported }
    let roster = try desk.ledger.roster(of: Array(exported)) { ContentHash(of: $0) }
    #expect(roster.ambiguousCount == 0, "\(step)")
    for shard in open.values where shard.state == .submitted { try checkRoster(shard) }
  }

  /// What is expected of a shard is what was sent with it.
  private func checkRoster(_ shard: ShardRecord) throws {
    var roster = try desk.ledger.roster(of: [shard]) { ContentHash(of: $0) }
    let lines = desk.files[shard.id] ?? []
    #expect(roster.count == lines.count, "\(step)")
    for line in lines {
      #expect(roster.take(ContentHash(of: line.key)) != nil, "\(line.key) is expected; \(step)")
    }
  }

  /// Everything answers; every record ends with the answer it wants.
  func finish() throws {
    step = "seed \(seed), the end"
    for record in source.indices { source[record].rejection = nil }
    try desk.ledger.retryFailures(ofStage: nil)
    for round in 0..<12 {
      try desk.read(source, onDuplicate, shardSize: 5)
      for var shard in try desk.ledger.openShards() where shard.state == .exported {
        _ = try desk.ledger.move(&shard, .discard)
      }
      try desk.packAgain()
      for shard in try desk.ledger.openShards() {
        if shard.state == .packed { try desk.submit(shard.id) }
        try desk.settle(shard.id) {
          answered.insert($0.content)
          return accept($0)
        }
      }
      try check()
      if try desk.counts().pending == 0 { break }
      #expect(round < 11, "it ends; \(step)")
    }
    var wanted: [String: TestRecord] = [:]
    for record in source where wanted[record.key] == nil || onDuplicate == .last {
      wanted[record.key] = record
    }
    #expect(try desk.counts().accepted == wanted.count, "\(step)")
    for (key, record) in wanted {
      #expect(try desk.answeredContent(key) == record.content(desk.template), "\(key) \(step)")
    }
    let sent = desk.billed.count
    #expect(try desk.read(source, onDuplicate).toSend == 0, "\(step)")
    #expect(desk.billed.count == sent)
  }
}

/// An item as the table has it.
struct StoredItem {
  let key: String
  let state: ItemState
  let content: ContentHash?
  let shard: Int64?

  /// Whether an answer to its content is asked for, or will be.
  var isAsking: Bool { [.pending, .packed, .unread].contains(state) }
}

extension LedgerDesk {
  /// All items of the stage.
  func items() throws -> [StoredItem] {
    try ledger.queue.read { database in
      try Row.fetchAll(database, sql: "SELECT * FROM items WHERE stage_id = ?", arguments: [stage])
        .map { row in
          let content: Data? = row["content"]
          return StoredItem(
            key: String(decoding: row["key"] as Data, as: UTF8.self),
            state: ItemState(stored: row["state"]),
            content: content.flatMap { $0.withUnsafeBytes { ContentHash(bytes: $0) } },
            shard: row["shard_id"])
        }
    }
  }

  /// What open attempts ask for.
  func openAttempts() throws -> Set<ContentHash> {
    try ledger.queue.read { database in
      let contents = try Data.fetchAll(
        database, sql: "SELECT content FROM attempts WHERE outcome = 'open'")
      return Set(contents.compactMap { $0.withUnsafeBytes { ContentHash(bytes: $0) } })
    }
  }
}
