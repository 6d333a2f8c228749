import Foundation
import Records
import Testing

@testable import Ledger

@Suite struct ExportTests {
  let desk: LedgerDesk
  let four = (0..<4).map { TestRecord("k\($0)", "text \($0)") }

  init() throws { desk = try LedgerDesk() }

  private var exported: [ShardRecord] {
    get throws { try desk.ledger.openShards().filter { $0.state == .exported } }
  }

  @Test func severalShardsInSeveralFilesEachInParts() throws {
    try desk.read(four, shardSize: 2, as: .exported)
    let all = [1, 2].flatMap { desk.files[$0] ?? [] }
    try desk.apply([all[3], all[0]], to: exported, file: "results/one", partial: true, accept)
    #expect(try exported.count == 2)
    #expect(try desk.counts().pending == 2)
    try desk.apply([all[1]], to: exported, file: "results/two", partial: true, accept)
    #expect(try exported.map(\.id) == [2])
    try desk.apply(all, to: exported, file: "results/three", partial: true, accept)
    #expect(try exported.isEmpty)
    #expect(try desk.counts().accepted == 4)
    #expect(try #require(try desk.ledger.shard(2)).resultsFile == "results/three")
  }

  @Test func discardTakesEverythingBack() throws {
    try desk.read(four, as: .exported)
    try desk.read([TestRecord("k0", "edited")] + four[1...])
    var shard = try #require(try exported.first)
    #expect(try desk.ledger.move(&shard, .discard) == .release)
    #expect(try desk.number("SELECT count(*) FROM attempts WHERE outcome = 'open'") == 0)
    #expect(try desk.ledger.pendingCount(ofStage: desk.stage) == 3)
    #expect(try desk.counts().isBalanced)
  }

  @Test func oneKeyIsNeverInTwoExportedShards() throws {
    try desk.read(four, as: .exported)
    let edited = [TestRecord("k0", "edited")] + four[1...]
    let tally = try desk.read(edited, as: .exported)
    #expect(tally.toSend == 0 && tally.unread == 1)
    #expect(try desk.counts().isBalanced)
    try desk.settle(1, as: "results/one", accept)
    #expect(try exported.isEmpty)
    #expect(try desk.read(edited, as: .exported).toSend == 1)
    // The old results once more: they are older than the question.
    #expect(try desk.ledger.exportedShards(answeredBy: "results/one").isEmpty)
    #expect(try desk.ledger.exportedShards(answeredBy: "results/two").count == 1)
    try desk.settle(2, as: "results/two", accept)
    #expect(try desk.answeredContent("k0") == ContentHash(of: "summarise: edited"))
  }

  @Test func rowsThatCannotBeToldApartAreNotTaken() throws {
    try desk.read([four[0]], as: .exported)
    // A reading that does not know that it exports.
    let edited = [TestRecord("k0", "edited")]
    let (session, files, _) = try desk.begin(edited, desk.terms())
    let written = session.shards.drafts.map {
      ReadingSession.WrittenShard(draft: $0, file: "f", requestCount: 1, byteCount: 8)
    }
    var counts = ReadingSession.Counts()
    counts.read = 1
    _ = try session.commit(
      written, as: .exported, counts: counts, stamp: "s", template: ContentHash(of: ""))
    #expect(files.count == 1)
    var roster = try desk.ledger.roster(of: exported) { ContentHash(of: $0) }
    #expect(roster.ambiguousCount == 1)
    #expect(roster.take(ContentHash(of: "k0")) == nil)
    #expect(roster.contains(ContentHash(of: "k0")))
    #expect(roster.untaken.isEmpty)
  }

  @Test func openAttemptsKeepAShardExportedUntilTheyCome() throws {
    try desk.read(four, as: .exported)
    try desk.read(Array(four[1...]))
    let lines = desk.files[1] ?? []
    try desk.apply(Array(lines[1...]), to: exported, file: "results/one", partial: true, accept)
    #expect(try exported.count == 1)
    try desk.apply([lines[0]], to: exported, file: "results/two", partial: true, accept)
    #expect(try exported.isEmpty)
    #expect(try desk.read(four).reused == 1)
  }
}
