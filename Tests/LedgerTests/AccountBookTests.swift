import TestSupport
import Testing

@testable import Ledger

@Suite struct AccountBookTests {
  let scratch: ScratchDirectory
  let book: AccountBook

  init() throws {
    scratch = try ScratchDirectory()
    book = try AccountBook.open(inRoot: scratch.path("root"))
  }

  private func take(_ pipeline: String, _ shard: Int64, account: String = "one") throws
    -> AccountBook.Turn?
  {
    try book.takeTurn(account: account, pipeline: pipeline, shard: shard, now: 10 + shard)
  }

  @Test func oneShardAtATime() throws {
    #expect(try take("p", 1) == nil)
    // Taking it again, after a crash, is taking it.
    #expect(try take("p", 1) == nil)
    let holder = AccountBook.Turn(pipeline: "p", shard: 1, since: 11)
    #expect(try take("p", 2) == holder)
    #expect(try take("q", 1) == holder)
    #expect(try take("q", 1, account: "two") == nil)
  }

  @Test func aTurnEnds() throws {
    #expect(try take("p", 1) == nil)
    // Somebody else's ending changes nothing.
    try book.endTurn(account: "one", pipeline: "q", remoteID: nil)
    #expect(try take("q", 1) != nil)
    try book.endTurn(account: "one", pipeline: "p", remoteID: "batch")
    #expect(try take("q", 1) == nil)
    #expect(try book.batches(account: "one") == ["batch"])
    #expect(try book.batches(account: "two").isEmpty)
    try book.endTurn(account: "one", pipeline: "q", remoteID: "batch")
    #expect(try book.batches(account: "one") == ["batch"])
  }

  private func batch(_ shard: Int64, _ remoteID: String?, _ rows: Int = 5) -> AccountBook.InFlight {
    AccountBook.InFlight(
      pipeline: "p", provider: "main", shard: shard, remoteID: remoteID, requestCount: rows,
      inputTokens: rows * 10)
  }

  private func ids(_ account: String = "one") throws -> [String?] {
    try book.inFlight(account: account).map(\.remoteID)
  }

  @Test func whatIsBeingSubmittedIsInFlight() throws {
    #expect(try take("p", 1) == nil)
    try book.enter(batch(1, nil), account: "one")
    // Again, after a crash.
    try book.enter(batch(1, nil), account: "one")
    #expect(try ids() == [nil])
    try book.endTurn(account: "one", pipeline: "p", remoteID: "a")
    #expect(try ids() == ["a"])
    #expect(try take("p", 2) == nil)
    try book.enter(batch(2, nil), account: "one")
    try book.endTurn(account: "one", pipeline: "p", remoteID: nil)
    #expect(try ids() == ["a"])
    #expect(try ids("two").isEmpty)
  }

  @Test func aPipelinesLedgerIsRight() throws {
    try book.declare(
      [batch(1, "a"), batch(2, "b")], pipeline: "p", provider: "main", account: "one",
      known: ["a", "b"])
    try book.declare(
      [batch(1, "x")], pipeline: "p", provider: "other", account: "one", known: ["x"])
    #expect(try Set(ids()) == ["a", "b", "x"])
    try book.declare(
      [batch(2, "b")], pipeline: "p", provider: "main", account: "one", known: ["a", "b"])
    #expect(try Set(ids()) == ["b", "x"])
  }

  /// A new ledger (the state folder was deleted) does not know what the old one sent: it stays until it is known to be
  /// over.
  @Test func whatNobodyKnowsAnyMoreStays() throws {
    try book.declare(
      [batch(1, "a", 7)], pipeline: "p", provider: "main", account: "one", known: ["a"])
    try book.declare([], pipeline: "p", provider: "main", account: "one", known: [])
    let left = try #require(try book.inFlight(account: "one").first)
    #expect(left.remoteID == "a" && left.requestCount == 7 && left.lookedAt == nil)
    try book.note(left, lookedAt: 12)
    #expect(try book.inFlight(account: "one").map(\.lookedAt) == [12])
    try book.forget(left)
    #expect(try ids().isEmpty)
  }

  @Test func pipelinesShareOneBook() throws {
    let other = try AccountBook.open(inRoot: scratch.path("root"))
    #expect(try take("p", 1) == nil)
    #expect(try other.takeTurn(account: "one", pipeline: "q", shard: 9, now: 1)?.pipeline == "p")
    try book.endTurn(account: "one", pipeline: "p", remoteID: "batch")
    #expect(try other.batches(account: "one") == ["batch"])
  }
}
