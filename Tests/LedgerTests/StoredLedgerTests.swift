import Foundation
import GRDB
import TestSupport
import Testing

@testable import Ledger
@testable import Records

@Suite struct StoredLedgerTests {
  let scratch: ScratchDirectory

  init() throws {
    scratch = try ScratchDirectory()
    try FileManager.default.createDirectory(
      atPath: scratch.path("state"), withIntermediateDirectories: true)
    var configuration = Configuration()
    configuration.foreignKeysEnabled = false
    let stored = try DatabaseQueue(
      path: scratch.path("state/ledger.sqlite"), configuration: configuration)
    try stored.inDatabase { try $0.execute(sql: StoredLedger.versionOne) }
    try stored.close()
  }

  @Test func versionOneOpensAndGoesOn() throws {
    let ledger = try LedgerDesk.open(scratch)
    let stage = try ledger.stageID("triage")
    #expect(stage == 1)
    let counts = try ledger.counts(ofStage: stage)
    #expect(counts.isBalanced)
    #expect(counts.read == 6 && counts.accepted == 2 && counts.rejected == 2)
    #expect(counts.pending == 2 && counts.removed == 1)
    #expect(try ledger.openShards().map(\.state) == [.submitted, .packed])
    let source = try #require(try ledger.shardsToRepeat(ofStage: stage).first)
    let waiting = try ledger.waitingRequests(of: source) { ContentHash(of: $0) }
    #expect(waiting.values.map(\.attempt) == [2])
    #expect(try ledger.stage(named: "triage")?.readingStamp == "stamp")
    let walk = try AnswerWalk(ledger, stage: stage)
    let kept = try Array("ad".utf8).withUnsafeBufferPointer {
      try walk.find([0..<1, 1..<2], in: $0)
    }
    #expect(kept[0]?.place == AnswerPlace(results: 1, row: 1..<2))
    #expect(kept[1]?.place == kept[0]?.place)
  }

  @Test func versionOneIsWhatItWas() throws {
    // An identity or a hash that a release computes otherwise would ask everything again.
    #expect(
      TestRecord("a", "one").content("summarise: ").hexadecimal
        == "062b4c2a62ed5211c9b70a5f82706ebb")
    let stored = try Self.schema(of: scratch.path("state/ledger.sqlite"))
    let fresh = try DatabaseQueue(path: scratch.path("fresh.sqlite"))
    try RunLedger.migrator.migrate(fresh, upTo: "1")
    try fresh.close()
    // The first migration has been shipped: what is to be changed is changed by another one. (Before the first
    // release, make the stored ledger anew.)
    #expect(try Self.schema(of: scratch.path("fresh.sqlite")) == stored)
  }

  @Test func aMigratedLedgerIsLikeANewOne() throws {
    _ = try LedgerDesk.open(scratch)
    let fresh = try LedgerDesk()
    try fresh.read([])
    #expect(
      try Self.schema(of: fresh.ledger.path)
        == Self.schema(of: scratch.path("state/ledger.sqlite")))
  }

  @Test func versionOneCanBeLookedAt() throws {
    let ledger = try RunLedger.openForReading(inFolder: scratch.path("state"))
    #expect(try ledger.lastRun() == nil)
    #expect(try ledger.openShards().map(\.reservedNano) == [0, 0])
    let walk = try AnswerWalk(ledger, stage: 1)
    let kept = try Array("a".utf8).withUnsafeBufferPointer { try walk.find([0..<1], in: $0) }
    #expect(kept[0]?.place == AnswerPlace(results: 1, row: 1..<2))
  }

  private static func schema(of path: String) throws -> [String] {
    try DatabaseQueue(path: path).read { database in
      try String.fetchAll(
        database, sql: "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY sql")
    }
  }
}
