import Foundation
import Records
import TestSupport
import Testing

@testable import Ledger

@Suite struct ReadingTests {
  let desk: LedgerDesk
  let three = [TestRecord("a", "one"), TestRecord("b", "two"), TestRecord("c", "three")]

  init() throws { desk = try LedgerDesk() }

  private func settleAll() throws {
    for shard in try desk.ledger.openShards() where shard.state == .packed {
      try desk.submit(shard.id)
      try desk.settle(shard.id, accept)
    }
  }

  @Test func freshReadingPacksEverything() throws {
    let tally = try desk.read(three, shardSize: 2)
    #expect(tally.new == 3)
    #expect(tally.toSend == 3)
    #expect(try desk.ledger.openShards().map(\.requestCount) == [2, 1])
    #expect(try desk.counts().pending == 3)
    #expect(try desk.counts().isBalanced)
    #expect(try desk.ledger.stage(named: "triage")?.readingStamp == "stamp")
  }

  @Test func unchangedReadingSendsNothing() throws {
    try desk.read(three)
    let version = try desk.ledger.stage(named: "triage")?.version
    let tally = try desk.read(three)
    #expect(tally.unchanged == 3)
    #expect(tally.toSend == 0)
    #expect(try desk.ledger.openShards().count == 1)
    #expect(try desk.ledger.stage(named: "triage")?.version == version)
  }

  @Test func insertedEditedRemovedRevivedReordered() throws {
    try desk.read(three)
    try settleAll()
    let next = [
      TestRecord("new", "four"), TestRecord("c", "three"), TestRecord("a", "ONE"),
    ]
    let tally = try desk.read(next)
    #expect(tally.new == 1)
    #expect(tally.edited == 1)
    #expect(tally.unchanged == 1)
    #expect(tally.removed == 1)
    #expect(tally.toSend == 2)
    #expect(try desk.state("b") == .removed)
    #expect(try desk.counts().isBalanced)
    try settleAll()
    let revived = try desk.read(next + [TestRecord("b", "two")])
    #expect(revived.new == 1)
    #expect(revived.reused == 1)
    #expect(revived.toSend == 0)
    #expect(try desk.state("b") == .accepted)
    #expect(try desk.answeredContent("b") == ContentHash(of: "summarise: two"))
  }

  @Test func reorderedManyStayKnown() throws {
    let records = (0..<3000).map { TestRecord("k\($0)", "text \($0)") }
    try desk.read(records)
    var random = Random(seed: 7)
    for order in [Array(records.reversed()), records.shuffled(using: &random), records] {
      let tally = try desk.read(order)
      #expect(tally.unchanged == 3000)
      #expect(tally.new == 0 && tally.removed == 0)
    }
    let half = records.enumerated().filter { $0.offset % 2 == 0 }.map(\.element)
    #expect(try desk.read(half).removed == 1500)
    let back = try desk.read(records)
    #expect(back.new == 1500 && back.unchanged == 1500)
    #expect(try desk.counts().isBalanced)
  }

  @Test func duplicateKeyStopsNamingTheSecondLine() throws {
    let before = try desk.dump()
    #expect {
      try desk.read(three + [TestRecord("b", "other")])
    } throws: { error in
      guard case ReadingError.duplicateKey(let key, let line) = error else { return false }
      return key == Array("b".utf8) && line == 5
    }
    #expect(try desk.dump() == before)
    try desk.read(three)
    // In the order of the ledger, the second one is met where the walk already was.
    #expect(throws: ReadingError.self) { try desk.read(three + [TestRecord("a", "one")]) }
    #expect(throws: ReadingError.self) { try desk.read([three[0]] + three) }
  }

  @Test(arguments: [3, 40, 200]) func firstDuplicateCounts(distance: Int) throws {
    var records = (0..<distance).map { TestRecord("k\($0)", "text \($0)") }
    records.append(TestRecord("k1", "later"))
    for round in 0..<3 {
      let tally = try desk.read(records, .first)
      #expect(tally.duplicate == 1)
      #expect(tally.new == (round == 0 ? distance : 0))
      #expect(tally.toSend == (round == 0 ? distance : 0))
      #expect(try desk.counts().isBalanced)
    }
    #expect(desk.files.values.joined().contains { $0.content == records[1].content(desk.template) })
  }

  @Test(arguments: [3, 40, 200]) func lastDuplicateCounts(distance: Int) throws {
    var records = (0..<distance).map { TestRecord("k\($0)", "text \($0)") }
    records.append(TestRecord("k1", "later"))
    let tally = try desk.read(records, .last)
    #expect(tally.duplicate == 1)
    #expect(tally.new == distance)
    #expect(tally.toSend == distance)
    #expect(try desk.counts().isBalanced)
    try settleAll()
    #expect(try desk.answeredContent("k1") == ContentHash(of: "summarise: later"))
    #expect(desk.billed.filter { $0.key == "k1" }.count == 1)
    let again = try desk.read(records, .last)
    #expect(again.toSend == 0)
    #expect(again.unchanged == distance && again.edited == 0)
    #expect(try desk.ledger.openShards().isEmpty)
  }

  @Test func lastDuplicateOfARejectedRecordIsNotAskedAgain() throws {
    let records = three + [TestRecord("a", "later")]
    try desk.read(records, .last)
    let shard = try #require(try desk.ledger.openShards().first)
    try desk.submit(shard.id)
    try desk.settle(shard.id) { $0.key == "a" ? refuse($0) : accept($0) }
    #expect(try desk.state("a") == .rejected)
    let tally = try desk.read(records, .last)
    #expect(tally.toSend == 0)
    #expect(try desk.item("a")?.reason == "refusal")
    #expect(try desk.number("SELECT count(*) FROM attempts") == 3)
  }

  @Test func lastDuplicateInFlightStaysInFlight() throws {
    let records = three + [TestRecord("a", "later")]
    try desk.read(records, .last)
    try desk.submit(1)
    try desk.read(records, .last)
    #expect(try desk.item("a")?.shard == 1)
    #expect(try desk.number("SELECT count(*) FROM attempts WHERE outcome = 'open'") == 0)
    try desk.settle(1, accept)
    #expect(try desk.counts().accepted == 3)
  }

  @Test func lastDuplicateWhoseFirstHasATwinEndsAfterAnotherReading() throws {
    let records = [TestRecord("a", "x"), TestRecord("b", "x"), TestRecord("a", "y")]
    let tally = try desk.read(records, .last)
    #expect(tally.unread == 1)
    #expect(try desk.ledger.stage(named: "triage")?.readingStamp == nil)
    #expect(try desk.counts().isBalanced)
    #expect(try desk.read(records, .last).unread == 0)
    try settleAll()
    #expect(try desk.counts().accepted == 2)
    #expect(try desk.answeredContent("b") == ContentHash(of: "summarise: x"))
  }

  @Test func rejectedBeforeSendingCostsNothing() throws {
    let bad = three + [TestRecord("d", "four", rejection: "too-large")]
    let tally = try desk.read(bad)
    #expect(tally.rejected == 1 && tally.toSend == 3)
    #expect(try desk.counts().rejected == 1)
    #expect(try desk.read(bad).unchanged == 4)
    var failures: [Failure] = []
    try desk.ledger.forEachFailure(ofStage: "triage") { failures.append($0) }
    #expect(failures.map(\.attempts) == [0])
    #expect(failures.map(\.reason) == ["too-large"])
    // The record changes: it is judged anew.
    #expect(try desk.read(three + [TestRecord("d", "short")]).edited == 1)
    #expect(try desk.state("d") == .packed)
    #expect(try desk.read(bad).edited == 1)
    #expect(try desk.state("d") == .rejected)
    #expect(try desk.counts().isBalanced)
  }

  @Test func reaskIsCountedAndCanBeWithheld() throws {
    try desk.read(three)
    try settleAll()
    desk.template = "translate: "
    let withheld = try desk.read(
      [three[0], TestRecord("b", "TWO"), TestRecord("d", "new")], .error, .withheld)
    #expect(withheld.withheld == 1)
    #expect(withheld.edited == 1 && withheld.new == 1 && withheld.removed == 1)
    #expect(withheld.toSend == 2)
    #expect(try desk.state("a") == .accepted)
    #expect(try desk.ledger.stage(named: "triage")?.readingStamp == nil)
    let allowed = try desk.read([three[0], TestRecord("b", "TWO"), TestRecord("d", "new")])
    #expect(allowed.reasked == 1 && allowed.toSend == 1)
    #expect(try desk.ledger.stage(named: "triage")?.readingStamp == "stamp")
  }

  @Test func aTemplateChangedBackCostsNothing() throws {
    try desk.read(three)
    try settleAll()
    desk.template = "translate: "
    try desk.read(three)
    try settleAll()
    desk.template = "summarise: "
    let back = try desk.read(three, .error, .withheld)
    #expect(back.reused == 3)
    #expect(back.reasked == 0 && back.withheld == 0 && back.toSend == 0)
    #expect(try desk.answeredContent("a") == ContentHash(of: "summarise: one"))
  }

  @Test func aPlanOfItsOwnHasAnswersOfItsOwn() throws {
    try desk.read(three)
    try settleAll()
    desk.plan = try desk.ledger.planID(hash: ContentHash(of: "other"), description: "other")
    #expect(try desk.read(three).toSend == 3)
  }

  @Test func aFieldThatDoesNotChangeThePromptCostsNothing() throws {
    try desk.read(three)
    try settleAll()
    let noted = three.map { TestRecord($0.key, $0.text, note: "x") }
    #expect(try desk.read(noted).unchanged == 3)
    let walk = try AnswerWalk(desk.ledger, stage: desk.stage)
    let kept = try Array("b".utf8).withUnsafeBufferPointer { try walk.find($0) }
    #expect(kept?.fields == noted[1].fields)
  }

  @Test func abandonedOrForgottenReadingsLeaveNoTrace() throws {
    try desk.read(three)
    let before = try desk.dump()
    let (session, _, _) = try desk.begin([TestRecord("z", "z")], desk.terms())
    session.abandon()
    session.abandon()
    #expect(try desk.dump() == before)
    do { _ = try desk.begin([TestRecord("y", "y")], desk.terms()) }
    #expect(try desk.dump() == before)
    try desk.read(three + [TestRecord("z", "z")])
    #expect(try desk.counts().read == 4)
  }

  @Test func aFailedCommitLeavesNoTrace() throws {
    try desk.read(three)
    let before = try desk.dump()
    let (session, _, _) = try desk.begin(three + [TestRecord("z", "z")], desk.terms())
    let drafts = session.shards.drafts
    let impossible = drafts.map {
      ReadingSession.WrittenShard(draft: $0, file: "f", requestCount: 1, byteCount: -1)
    }
    #expect(throws: LedgerError.self) {
      try session.commit(
        impossible, as: .packed, counts: .init(), stamp: "s", template: ContentHash(of: ""))
    }
    #expect(try desk.dump() == before)
    session.abandon()
    #expect(try desk.read(three).unchanged == 3)
  }

  @Test func aKillHalfWayLeavesTheReadingBefore() throws {
    try desk.read(three)
    let before = try desk.dump()
    let many = (0..<20_000).map { TestRecord("k\($0)", "text \($0)") }
    let (session, _, _) = try desk.begin(many, desk.terms(), batchSize: 2048)
    // What is on disk now is what a process finds that starts after this one was killed.
    let copy = try ScratchDirectory()
    try FileManager.default.copyItem(
      atPath: desk.scratch.path("state"), toPath: copy.path("state"))
    session.abandon()
    let found = try LedgerDesk.open(copy)
    #expect(try desk.dump(of: found) == before)
  }

  @Test func theLedgerCanBeLookedAtWhileAReadingIsOpen() throws {
    try desk.read(three)
    let (session, _, _) = try desk.begin(three, desk.terms())
    #expect(try desk.ledger.stageID("triage") == desk.stage)
    #expect(try desk.counts().read == 3)
    session.abandon()
  }

  @Test func keysOutOfOrderAreToldApart() throws {
    var random = Random(seed: 3)
    let records = (0..<5000).map { TestRecord("key \($0)", "text \($0)") }.shuffled(using: &random)
    #expect(try desk.read(records).new == 5000)
    #expect(throws: ReadingError.self) {
      try LedgerDesk().read(records + [records[17]])
    }
    let fresh = try LedgerDesk()
    let tally = try fresh.read(records + [records[17], records[4999]], .first)
    #expect(tally.new == 5000 && tally.duplicate == 2)
    #expect(try fresh.counts().isBalanced)
  }
}
