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
}
