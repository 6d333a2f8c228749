import Foundation
import GRDB
import Records
import Testing

@testable import Ledger

/// Records with the same prompt: one is sent, all get the answer.
@Suite struct TwinTests {
  let desk: LedgerDesk
  let pair = [TestRecord("a", "same"), TestRecord("b", "same"), TestRecord("c", "other")]

  init() throws { desk = try LedgerDesk() }

  @Test func oneIsSentAllAreAnswered() throws {
    let tally = try desk.read(pair)
    #expect(tally.toSend == 2)
    #expect(try desk.state("b") == .twin)
    try desk.submit(1)
    try desk.settle(1, accept)
    #expect(try desk.counts().accepted == 3)
    #expect(try desk.answeredContent("b") == ContentHash(of: "summarise: same"))
    #expect(desk.billed.count == 2)
  }

  @Test func theyShareARejectionAndWaitThroughRetries() throws {
    try desk.read(pair)
    try desk.submit(1)
    try desk.settle(1, fail)
    #expect(try desk.state("b") == .twin)
    try desk.packAgain()
    try desk.submit(2)
    try desk.settle(2, refuse)
    #expect(try desk.item("b")?.reason == "refusal")
    #expect(try desk.counts().rejected == 3)
  }

  @Test(arguments: [false, true]) func theLeaderIsEdited(isSent: Bool) throws {
    try desk.read(pair)
    if isSent { try desk.submit(1) }
    let edited = [TestRecord("a", "edited")] + pair[1...]
    let tally = try desk.read(edited)
    // What is in flight is awaited; what was not sent is not asked any more, and must be asked by another.
    #expect(try desk.state("b") == (isSent ? .twin : .unread))
    #expect(tally.unread == (isSent ? 0 : 1))
    #expect(try desk.counts().isBalanced)
    if !isSent { #expect(try desk.read(edited).toSend == 1) }
    try settleAll()
    #expect(try desk.counts().accepted == 3)
    #expect(try desk.answeredContent("b") == ContentHash(of: "summarise: same"))
    #expect(desk.billed.count == 3)
  }

  @Test(arguments: [false, true]) func theLeaderIsRemoved(isSent: Bool) throws {
    try desk.read(pair)
    if isSent { try desk.submit(1) }
    let rest = Array(pair[1...])
    try desk.read(rest)
    if !isSent { try desk.read(rest) }
    try settleAll()
    #expect(try desk.counts().accepted == 2)
    #expect(desk.billed.count == 2)
  }

  @Test func theLeaderIsEditedInFlightAndItsOldRequestFails() throws {
    try desk.read(pair)
    try desk.submit(1)
    let edited = [TestRecord("a", "edited")] + pair[1...]
    try desk.read(edited)
    try desk.settle(1, fail)
    #expect(try desk.state("b") == .unread)
    #expect(try desk.counts().isBalanced)
    try desk.read(edited)
    try desk.packAgain()
    try settleAll()
    #expect(try desk.counts().accepted == 3)
  }

  @Test func theLeaderIsEditedInFlightAndItsOldRequestIsRejected() throws {
    try desk.read(pair)
    try desk.submit(1)
    try desk.read([TestRecord("a", "edited")] + pair[1...])
    try desk.settle(1, refuse)
    #expect(try desk.item("b")?.reason == "refusal")
    #expect(try desk.state("a") == .packed)
  }

  @Test func manyOrphansSendOne() throws {
    let many = (0..<50).map { TestRecord("k\($0)", "same") }
    try desk.read(many)
    let edited = [TestRecord("k0", "edited")] + many[1...]
    #expect(try desk.read(edited).unread == 1)
    #expect(try desk.read(edited).toSend == 1)
    try settleAll()
    #expect(try desk.counts().accepted == 50)
    #expect(desk.billed.count == 2)
  }

  @Test func twinsOfAnotherStageAreWoken() throws {
    let other = try LedgerDesk(stage: "second", besides: desk)
    try desk.read(pair)
    let tally = try other.read(pair)
    #expect(tally.toSend == 0)
    let version = try other.ledger.stage(named: "second")?.version
    try desk.submit(1)
    try desk.settle(1, accept)
    #expect(try other.counts().accepted == 3)
    #expect(try other.ledger.stage(named: "second")?.version != version)
  }

  @Test func whatTheFilterMistookIsSentByTheNextReading() throws {
    // A hash that the filter takes for known leaves an item that waits for nobody.
    try desk.read(pair)
    try desk.ledger.change("forging") { database in
      try database.execute(
        sql: "UPDATE items SET state = 6, shard_id = NULL, content = randomblob(16) WHERE id = 3")
    }
    try desk.ledger.wakeOrphanedTwins()
    #expect(try desk.state("c") == .unread)
    #expect(try desk.read(pair).toSend == 1)
  }

  private func settleAll() throws {
    for shard in try desk.ledger.openShards() {
      if shard.state == .packed { try desk.submit(shard.id) }
      try desk.settle(shard.id, accept)
    }
  }
}
