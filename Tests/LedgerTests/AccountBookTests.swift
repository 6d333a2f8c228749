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

  @Test func pipelinesShareOneBook() throws {
    let other = try AccountBook.open(inRoot: scratch.path("root"))
    #expect(try take("p", 1) == nil)
    #expect(try other.takeTurn(account: "one", pipeline: "q", shard: 9, now: 1)?.pipeline == "p")
    try book.endTurn(account: "one", pipeline: "p", remoteID: "batch")
    #expect(try other.batches(account: "one") == ["batch"])
  }
}
