import Foundation
import Records
import TestSupport
import Testing

@testable import Ledger

@Suite struct SettlingTests {
  let desk: LedgerDesk
  let three = [TestRecord("a", "one"), TestRecord("b", "two"), TestRecord("c", "three")]

  init() throws { desk = try LedgerDesk() }

  private func states(_ keys: String...) throws -> [ItemState?] { try keys.map(desk.state) }

  @Test func verdictsMoveItems() throws {
    try desk.read(three)
    try desk.submit(1)
    try desk.settle(1) {
      switch $0.key {
      case "a": accept($0)
      case "b": refuse($0)
      default: fail($0)
      }
    }
    #expect(try states("a", "b", "c") == [.accepted, .rejected, .pending])
    #expect(try desk.counts().isBalanced)
    let outcome = try #require(try desk.ledger.shard(1)).outcome
    #expect(outcome.accepted == 1 && outcome.failed == 2 && outcome.superseded == 0)
    #expect(outcome.costNano == 30 && outcome.inputTokens == 6 && outcome.outputTokens == 3)
    #expect(try desk.ledger.shard(1)?.state == .settled)
    #expect(try desk.ledger.cost(ofStage: desk.stage) == 30)
  }

  @Test func retriesEndInRejection() throws {
    try desk.read([three[0]])
    for attempt in 1...3 {
      let shard = Int64(attempt)
      try desk.submit(shard)
      try desk.settle(shard, fail)
      guard attempt < 3 else { break }
      let source = try #require(try desk.ledger.shardsToRepeat(ofStage: desk.stage).first)
      let waiting = try desk.ledger.waitingRequests(of: source) { ContentHash(of: $0) }
      let request = try #require(waiting[ContentHash(of: "a")])
      #expect(source.id == shard && waiting.count == 1)
      #expect(request.attempt == attempt + 1)
      let failure = try #require(request.failure)
      #expect(failure.outcome == .serverError)
      #expect(try desk.ledger.words(on: failure) == "words")
      try desk.packAgain()
    }
    #expect(try desk.item("a")?.reason == "server-error")
    var failures: [Failure] = []
    try desk.ledger.forEachFailure(ofStage: nil) { failures.append($0) }
    #expect(failures.map(\.attempts) == [3])
  }

  @Test func missingStrayAndRepeatedRows() throws {
    try desk.read(three)
    try desk.submit(1)
    desk.files[1] = desk.files[1].map { $0 + [$0[0], TestLine(key: "z", content: $0[0].content)] }
    try desk.settle(1) { $0.key == "c" ? nil : accept($0) }
    #expect(try states("a", "b", "c") == [.accepted, .accepted, .pending])
    #expect(try #require(try desk.ledger.shard(1)).outcome.stray == 2)
    #expect(try desk.number("SELECT count(*) FROM attempts") == 3)
    #expect(try desk.number("SELECT count(*) FROM attempts WHERE outcome = 'missing'") == 1)
  }

  @Test func rowsNotAppliedDoNotStayInASettledShard() throws {
    try desk.read(three)
    var shard = try #require(try desk.submit(1))
    _ = try desk.ledger.move(&shard, .finished)
    _ = try desk.ledger.move(&shard, .resultsStored) { $0.resultsFile = "r" }
    try SettlingSession(desk.ledger, file: "r", now: 1).commit([shard], partial: .no, now: 1)
    #expect(try desk.counts().pending == 3)
    #expect(try desk.ledger.pendingCount(ofStage: desk.stage) == 3)
  }

  @Test func applyingAFileTwiceChangesNothing() throws {
    try desk.read(three, as: .exported)
    let shard = try #require(try desk.ledger.shard(1))
    let lines = desk.files[1] ?? []
    let mixed: (TestLine) -> (AttemptOutcome, SettledRow.Verdict)? = {
      $0.key == "a" ? accept($0) : $0.key == "b" ? fail($0) : nil
    }
    try desk.apply(lines, to: [shard], file: "results/r", partial: true, mixed)
    #expect(try states("a", "b", "c") == [.accepted, .pending, .packed])
    #expect(try desk.ledger.shard(1)?.state == .exported)
    let before = try desk.dump()
    try desk.apply(
      lines, to: [try #require(try desk.ledger.shard(1))], file: "results/r", partial: true, mixed)
    // Only the strays are counted.
    let after = try desk.dump()
    #expect(
      after.replacingOccurrences(of: "stray_count:2", with: "stray_count:0")
        == before.replacingOccurrences(of: "stray_count:2", with: "stray_count:0"))
    #expect(try desk.number("SELECT count(*) FROM attempts") == 2)
    // The same rows with a roster from before: nothing either.
    let session = try SettlingSession(desk.ledger, file: "results/r", now: 2)
    try session.apply([
      SettledRow(place: .item(1), outcome: .accepted, verdict: .accept, row: 0..<1),
      SettledRow(place: .item(2), outcome: .refusal, verdict: .reject, row: 0..<1),
    ])
    try session.commit([], partial: .yes, now: 2)
    #expect(try states("a", "b", "c") == [.accepted, .pending, .packed])
    #expect(try desk.number("SELECT count(*) FROM attempts") == 2)
  }

  @Test func supersededAnswersAreKeptAndReused() throws {
    try desk.read(three)
    try desk.submit(1)
    try desk.read([TestRecord("a", "ONE"), three[1]])
    #expect(try states("a", "b", "c") == [.packed, .packed, .removed])
    #expect(try desk.item("a")?.shard == 2)
    #expect(try desk.number("SELECT count(*) FROM attempts WHERE outcome = 'open'") == 2)
    try desk.settle(1, accept)
    let outcome = try #require(try desk.ledger.shard(1)).outcome
    #expect(outcome.accepted == 1 && outcome.superseded == 2)
    #expect(outcome.costNano == 30)
    #expect(try states("a", "b", "c") == [.packed, .accepted, .removed])
    let back = try desk.read(three)
    #expect(back.reused == 2 && back.toSend == 0)
    #expect(try desk.submit(2) == nil)
    #expect(try desk.counts().accepted == 3)
    #expect(try desk.answeredContent("a") == ContentHash(of: "summarise: one"))
  }

  @Test func changedBackWhileInFlightIsNotAskedAgain() throws {
    try desk.read(three)
    try desk.submit(1)
    try desk.read([TestRecord("a", "ONE")] + three[1...])
    try desk.submit(2)
    let back = try desk.read(three)
    #expect(back.toSend == 0)
    #expect(try desk.state("a") == .twin)
    try desk.settle(1, accept)
    #expect(try desk.state("a") == .accepted)
    try desk.settle(2, accept)
    #expect(try #require(try desk.ledger.shard(2)).outcome.superseded == 1)
    #expect(try desk.counts().accepted == 3)
    #expect(desk.billed.count == 4)
  }

  @Test func changedBackWhileInFlightIsReadAgainWhenItFails() throws {
    try desk.read(three)
    try desk.submit(1)
    try desk.read([TestRecord("a", "ONE")] + three[1...])
    try desk.read(three)
    try desk.settle(1) { $0.key == "a" ? fail($0) : accept($0) }
    #expect(try desk.state("a") == .unread)
    #expect(try desk.counts().isBalanced)
    #expect(try desk.ledger.stage(named: "triage")?.readingStamp == nil)
    #expect(try desk.read(three).toSend == 1)
    #expect(try desk.state("a") == .packed)
  }

  @Test func removedBeforeSendingIsNotExpectedInResults() throws {
    try desk.read(three)
    try desk.read(Array(three[1...]))
    #expect(try #require(try desk.submit(1)).requestCount == 2)
    let back = try desk.read(three)
    #expect(back.new == 1 && back.toSend == 1)
    #expect(try desk.number("SELECT count(*) FROM attempts") == 0)
    let roster = try desk.ledger.roster(of: [try #require(try desk.ledger.shard(1))]) {
      ContentHash(of: $0)
    }
    #expect(roster.count == 2)
    #expect(!roster.contains(ContentHash(of: "a")))
    try desk.submit(2)
    try desk.settle(1, accept)
    try desk.settle(2, accept)
    #expect(try desk.counts().accepted == 3)
    #expect(desk.billed.count == 3)
  }

  @Test func removedInFlightAndBackGetsItsAnswer() throws {
    try desk.read(three)
    try desk.submit(1)
    try desk.read([])
    #expect(try desk.counts() == StageCounts.removedOnly(3))
    let back = try desk.read(three)
    #expect(back.new == 3 && back.toSend == 0)
    try desk.settle(1, accept)
    #expect(try desk.counts().accepted == 3)
    #expect(desk.billed.count == 3)
  }

  @Test func lostShardsAreReleased() throws {
    try desk.read(three)
    try desk.submit(1)
    try desk.read([TestRecord("a", "ONE")] + three[1...])
    try desk.read(three)
    var shard = try #require(try desk.ledger.shard(1))
    #expect(try desk.ledger.move(&shard, .lost) == .release)
    #expect(try states("a", "b", "c") == [.unread, .pending, .pending])
    #expect(try desk.number("SELECT count(*) FROM attempts WHERE outcome = 'open'") == 0)
    #expect(try desk.counts().isBalanced)
    try desk.packAgain()
    #expect(try desk.read(three).toSend == 1)
  }

  @Test func retryFailuresPutsEverythingBackInBalance() throws {
    let records =
      three + [TestRecord("d", "four", rejection: "too-large"), TestRecord("e", "one")]
    try desk.read(records)
    try desk.submit(1)
    try desk.settle(1, refuse)
    #expect(try desk.counts().rejected == 5)
    #expect(try desk.item("e")?.reason == "refusal")
    #expect(try desk.ledger.retryFailures(ofStage: "other") == 0)
    #expect(try desk.ledger.retryFailures(ofStage: "triage") == 5)
    #expect(try desk.counts().isBalanced)
    #expect(try states("a", "d", "e") == [.pending, .unread, .twin])
    let tally = try desk.read(three + [TestRecord("d", "four"), TestRecord("e", "one")])
    #expect(tally.retried == 1 && tally.reasked == 0 && tally.toSend == 1)
    try desk.packAgain()
    for shard in try desk.ledger.openShards() {
      try desk.submit(shard.id)
      try desk.settle(shard.id, accept)
    }
    #expect(try desk.counts().accepted == 5)
  }

  @Test func forgottenRequestsAreReadAgain() throws {
    try desk.read(three)
    try desk.submit(1)
    try desk.settle(1, fail)
    desk.files[1] = nil
    try desk.packAgain()
    #expect(try desk.counts().isBalanced)
    #expect(try states("a", "b", "c") == [.unread, .unread, .unread])
    let tally = try desk.read(three)
    #expect(tally.retried == 3 && tally.toSend == 3)
  }

  @Test func settlingLeavesNoTraceUntilCommitted() throws {
    try desk.read(three)
    var shard = try #require(try desk.submit(1))
    _ = try desk.ledger.move(&shard, .finished)
    _ = try desk.ledger.move(&shard, .resultsStored) { $0.resultsFile = "r" }
    let before = try desk.dump()
    let row = SettledRow(place: .item(1), outcome: .accepted, verdict: .accept, row: 0..<1)
    let session = try SettlingSession(desk.ledger, file: "r", now: 1)
    try session.apply([row])
    session.abandon()
    session.abandon()
    #expect(try desk.dump() == before)
    do { try SettlingSession(desk.ledger, file: "r", now: 1).apply([row]) }
    #expect(try desk.dump() == before)
  }
}

extension StageCounts {
  static func removedOnly(_ count: Int) -> StageCounts {
    var counts = StageCounts()
    counts.removed = count
    return counts
  }
}
