import Foundation
import GRDB
import TestSupport
import Testing

@testable import Ledger
@testable import Records

@Suite struct OpeningTests {
  let scratch: ScratchDirectory

  init() throws { scratch = try ScratchDirectory() }

  private func open(
    file: String = "/none/p.yaml", isSandbox: RunLedger.IsSandbox = .no
  ) throws -> RunLedger {
    try RunLedger.open(
      inFolder: scratch.path("state"), pipeline: "p", file: file, isSandbox: isSandbox, now: 1,
      lockWait: 0.05)
  }

  private func code(_ body: () throws -> Void) -> LedgerError.Code? {
    do {
      try body()
      return nil
    } catch {
      return (error as? LedgerError)?.code
    }
  }

  @Test func theStateFolderIsPrivate() throws {
    _ = try open()
    let attributes = try FileManager.default.attributesOfItem(atPath: scratch.path("state"))
    #expect(attributes[.posixPermissions] as? Int == 0o700)
  }

  @Test func openingAgainFindsWhatWasStored() throws {
    let number = try open().stageID("triage")
    try open().hold(since: 77)
    #expect(try open().stageID("triage") == number)
    #expect(try open().heldSince() == 77)
    let reader = try RunLedger.openForReading(inFolder: scratch.path("state"))
    #expect(try reader.heldSince() == 77)
    #expect(code { try reader.hold(since: nil) } == .cannotWrite)
  }

  @Test func noLedgerToLookAt() throws {
    #expect(code { _ = try RunLedger.openForReading(inFolder: scratch.path("state")) } == .absent)
    // A process was killed while it made the ledger.
    try scratch.write("", to: "state/ledger.sqlite")
    #expect(code { _ = try RunLedger.openForReading(inFolder: scratch.path("state")) } == .absent)
  }

  @Test func aNewerVersionIsRefusedAndLeftAsItIs() throws {
    let ledger = try open()
    try ledger.change("pretending") { database in
      try database.execute(sql: "INSERT INTO grdb_migrations VALUES ('999')")
    }
    #expect(code { _ = try open() } == .newerVersion)
    #expect(
      code { _ = try RunLedger.openForReading(inFolder: scratch.path("state")) } == .newerVersion)
    #expect(try ledger.heldSince() == nil)
  }

  @Test func aFileThatIsNoDatabase() throws {
    try scratch.write(String(repeating: "not a database ", count: 500), to: "state/ledger.sqlite")
    #expect(code { _ = try open() } == .corrupt)
    #expect(code { _ = try RunLedger.openForReading(inFolder: scratch.path("state")) } == .corrupt)
  }

  @Test func damagedPages() throws {
    let desk = try LedgerDesk()
    try desk.read((0..<5000).map { TestRecord("k\($0)", "text \($0)") })
    try desk.ledger.queue.writeWithoutTransaction { _ = try $0.checkpoint(.truncate) }
    try desk.ledger.queue.close()
    var bytes = try desk.scratch.bytes(of: "state/ledger.sqlite")
    let middle = bytes.count / 3..<bytes.count * 2 / 3
    bytes.replaceSubrange(middle, with: repeatElement(0xFF, count: middle.count))
    try desk.scratch.write(bytes, to: "state/ledger.sqlite")
    let reader = try RunLedger.openForReading(inFolder: desk.scratch.path("state"))
    #expect(code { _ = try reader.counts(ofStage: desk.stage) } == .corrupt)
  }

  @Test func anotherProcessKeepsItLocked() throws {
    let path = try open().path
    var configuration = Configuration()
    configuration.allowsUnsafeTransactions = true
    let other = try DatabaseQueue(path: path, configuration: configuration)
    try other.inDatabase { try $0.execute(sql: "BEGIN IMMEDIATE") }
    #expect(code { _ = try open().stageID("new") } == .locked)
    // Looking is possible all the same.
    let reader = try RunLedger.openForReading(inFolder: scratch.path("state"))
    #expect(try reader.heldSince() == nil)
    try other.inDatabase { try $0.execute(sql: "ROLLBACK") }
    #expect(try open().stageID("new") == 1)
  }

  @Test func aFullDiskChangesNothing() throws {
    let desk = try LedgerDesk()
    try desk.read([TestRecord("a", "one")])
    let before = try desk.dump()
    try desk.ledger.queue.writeWithoutTransaction { database in
      let pages = try Int.fetchOne(database, sql: "PRAGMA page_count") ?? 0
      try database.execute(sql: "PRAGMA max_page_count = \(pages + 2)")
    }
    let many = (0..<5000).map { TestRecord("k\($0)", "text \($0)") }
    #expect(code { try desk.read(many) } == .cannotWrite)
    #expect(try desk.dump() == before)
    try desk.ledger.queue.writeWithoutTransaction {
      try $0.execute(sql: "PRAGMA max_page_count = 1000000")
    }
    try desk.read(many)
    #expect(try desk.counts().isBalanced)
  }

  @Test func theFolderCannotBeMade() throws {
    try scratch.write("a file", to: "state")
    #expect(code { _ = try open() } == .cannotWrite)
    #expect(
      code { _ = try PipelineLock.acquire(inFolder: scratch.path("state/p")) } == .cannotWrite)
  }

  @Test func anotherPipelineOfTheSameName() throws {
    let first = try scratch.write("a", to: "a/p.yaml")
    let second = try scratch.write("b", to: "b/p.yaml")
    _ = try open(file: first)
    #expect(code { _ = try open(file: second) } == .belongsElsewhere)
    // The file was moved: the ledger follows it.
    try FileManager.default.removeItem(atPath: first)
    _ = try open(file: second)
    try scratch.write("a", to: "a/p.yaml")
    #expect(code { _ = try open(file: first) } == .belongsElsewhere)
  }

  @Test func aSandboxNeverMeetsAProvider() throws {
    _ = try open(isSandbox: .yes)
    #expect(code { _ = try open(isSandbox: .no) } == .belongsElsewhere)
    _ = try open(isSandbox: .yes)
  }

  @Test func anEndpointStaysTheSame() throws {
    let ledger = try open()
    try ledger.bindEndpoint(provider: "main", kind: "anthropic", origin: "https://one")
    try ledger.bindEndpoint(provider: "main", kind: "anthropic", origin: "https://one")
    #expect(
      code {
        try ledger.bindEndpoint(provider: "main", kind: "anthropic", origin: "https://two")
      } == .belongsElsewhere)
    try ledger.bindEndpoint(provider: "other", kind: "anthropic", origin: "https://two")
  }
}
