import GRDB
import Testing

@testable import Ledger
@testable import Records

@Suite struct AnswerWalkTests {
  let desk: LedgerDesk
  let records = (0..<2000).map { TestRecord("k\($0)", "text \($0)") }

  init() throws {
    desk = try LedgerDesk()
    // Another stage's items lie between.
    try desk.read(Array(records.prefix(700)))
    try LedgerDesk(stage: "other", besides: desk).read(
      records.map { TestRecord($0.key, "other " + $0.text) })
    try desk.read(records)
    for shard in try desk.ledger.openShards(ofStage: desk.stage) {
      try desk.submit(shard.id)
      try desk.settle(shard.id, accept)
    }
  }

  private func expectAnswers(_ order: [TestRecord]) throws {
    let walk = try AnswerWalk(desk.ledger, stage: desk.stage)
    for record in order {
      let found = try Array(record.key.utf8).withUnsafeBufferPointer { try walk.find($0) }
      let kept = try #require(found)
      #expect(kept.fields == record.fields)
      let asked = kept.place.flatMap { desk.askedInRow[$0.row.lowerBound] }
      #expect(asked == record.content(desk.template))
    }
  }

  @Test func everyOrderFindsEveryAnswer() throws {
    var random = Random(seed: 11)
    try expectAnswers(records)
    try expectAnswers(records.reversed())
    try expectAnswers(records.shuffled(using: &random))
    try expectAnswers(records.enumerated().filter { $0.offset % 3 > 0 }.map(\.element))
    try expectAnswers(Array(records[1500...] + records[..<1500]))
    try expectAnswers(records + records)
  }

  @Test func unknownKeysDoNotStopTheWalk() throws {
    let walk = try AnswerWalk(desk.ledger, stage: desk.stage)
    for number in 0..<1200 {
      for key in ["k\(number)", "new \(number)"] {
        let found = try Array(key.utf8).withUnsafeBufferPointer { try walk.find($0) }
        #expect((found == nil) == key.hasPrefix("new"))
      }
    }
  }

  @Test func severalKeysAtOnce() throws {
    let walk = try AnswerWalk(desk.ledger, stage: desk.stage)
    let found = try Array("k3newk4".utf8).withUnsafeBufferPointer {
      try walk.find([0..<2, 2..<5, 5..<7], in: $0)
    }
    #expect(found.map { $0?.item } == [4, nil, 5])
    let files = try desk.ledger.resultsFiles()
    #expect(found[0]?.place.flatMap { files[$0.results] }?.hasPrefix("results/") == true)
  }

  @Test func whatIsNotAcceptedHasNoPlace() throws {
    let desk = try LedgerDesk()
    try desk.read([TestRecord("a", "one"), TestRecord("b", "two", rejection: "too-large")])
    let walk = try AnswerWalk(desk.ledger, stage: desk.stage)
    let found = try Array("ab".utf8).withUnsafeBufferPointer {
      try walk.find([0..<1, 1..<2], in: $0)
    }
    #expect(found.map { $0?.state } == [.packed, .rejected])
    #expect(found.map { $0?.place } == [nil, nil])
    #expect(found[1]?.reason == "too-large")
  }

  /// As many accepted attempts as answers, but not one for each: a second attempt brought an answer that was there, and
  /// another answer is kept under a second plan.
  @Test func ofTwoAttemptsTheFirstCounts() throws {
    let desk = try LedgerDesk()
    try desk.read((1...6).map { TestRecord("k\($0)", "text \($0)") })
    try desk.submit(1)
    try desk.settle(1, accept)
    let before = try desk.answeredContent("k2")
    try desk.ledger.queue.write {
      try $0.execute(
        sql: """
          INSERT INTO attempts (shard_id, item_id, content, plan_id, number, outcome, results_id, row_start, row_end)
          SELECT shard_id, item_id, content, plan_id, 2, outcome, results_id, 900, 901 FROM attempts WHERE id = 2
          """)
    }
    let plan = try desk.ledger.planID(hash: ContentHash(of: "other"), description: "other")
    #expect(try desk.ledger.adopt([3], under: plan) == 1)
    try desk.expectSameAnswersInOrder()
    #expect(try desk.answeredContent("k2") == before)
    try desk.ledger.queue.write {
      try $0.execute(
        sql: "UPDATE attempts SET results_id = NULL, row_start = NULL, row_end = NULL WHERE id = 7")
    }
    try desk.expectSameAnswersInOrder()
  }

  @Test func pagesHoldEveryItemInOrder() throws {
    let walk = try AnswerWalk(desk.ledger, stage: desk.stage)
    let page = AnswerPage()
    var next = 0
    try walk.load(page, after: 0)
    while page.count > 0 {
      for position in 0..<page.count {
        let record = records[next]
        #expect(
          Array(record.key.utf8).withUnsafeBufferPointer { page.hasKey($0, at: position) })
        #expect(page[position].fields == record.fields)
        let asked = page[position].place.flatMap { desk.askedInRow[$0.row.lowerBound] }
        #expect(asked == record.content(desk.template))
        next += 1
      }
      try walk.load(page, after: page[page.count - 1].item)
    }
    #expect(next == records.count)
  }

  @Test func runsOfItems() {
    let runs: [ClosedRange<Int64>] = [1...1, 62...65, 127...127, 129...255, 257...320]
    var items = ItemBits(upTo: 320)
    for run in runs { for item in run { _ = items.insert(item) } }
    var found: [ClosedRange<Int64>] = []
    items.forEachRun { found.append($0) }
    #expect(found == runs)
  }
}
