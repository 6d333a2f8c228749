import Foundation
import TestSupport
import Testing

@testable import Providers

struct ShardWriterTests {
  private func pack(
    _ lines: [String], _ limits: ShardWriter.Limits, in folder: ScratchDirectory
  ) throws -> [PackedShard] {
    var writer = ShardWriter(folder: folder.url.path, limits: limits) { "shard-\($0).jsonl" }
    var shards: [PackedShard] = []
    for var line in lines {
      let closed = try line.withUTF8 { bytes in
        try writer.append(bytes, tokens: TokenEstimate(low: 1, likely: 2, high: 3))
      }
      if let closed { shards.append(closed) }
    }
    if let last = try writer.finish() { shards.append(last) }
    #expect(try writer.finish() == nil)
    return shards
  }

  /// The body of a shard, read with so many bytes of room at a time.
  private func body(_ shard: ShardBody, room: Int) throws -> String {
    let reader = try ShardReader(
      shard, prefix: Array(#"{"requests":["#.utf8), suffix: Array("]}".utf8), lines: .list)
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: room)
    while case let count = try piece.withUnsafeMutableBytes({ try reader.read(into: $0) }),
      count > 0
    {
      bytes += piece[..<count]
    }
    #expect(bytes.count == shard.byteCount)
    return String(decoding: bytes, as: UTF8.self)
  }

  @Test func shardsCloseAtTheirRequests() throws {
    let folder = try ScratchDirectory()
    let lines = (1...7).map { "{\"n\":\($0)}" }
    let shards = try pack(lines, .init(requestCount: 3, bodyByteCount: 1000), in: folder)
    #expect(shards.map(\.name) == ["shard-1.jsonl", "shard-2.jsonl", "shard-3.jsonl"])
    #expect(shards.map(\.requestCount) == [3, 3, 1])
    #expect(shards[0].tokens == TokenEstimate(low: 3, likely: 6, high: 9))
    #expect(try folder.text(of: "shard-3.jsonl") == "{\"n\":7}\n")
    #expect(shards[2].fileByteCount == 8)
    #expect(
      try shards.map { try body($0.body, room: 64) } == [
        #"{"requests":[{"n":1},{"n":2},{"n":3}]}"#, #"{"requests":[{"n":4},{"n":5},{"n":6}]}"#,
        #"{"requests":[{"n":7}]}"#,
      ])
  }

  /// Lines that are handed over together, as a ledger cuts them, whether they are written at once or not.
  @Test(arguments: [3, 40_000])
  func linesMayComeTogether(_ length: Int) throws {
    let folder = try ScratchDirectory()
    let lines = (1...9).map { "{\"n\":\($0),\"t\":\"\(String(repeating: "x", count: length))\"}" }
    let limits = ShardWriter.Limits(requestCount: 4, bodyByteCount: 1 << 20)
    let shards = try pack(lines, limits, in: folder)
    let texts = try shards.map { try folder.text(of: $0.name) }

    let together = try ScratchDirectory()
    var writer = ShardWriter(folder: together.url.path, limits: limits) { "shard-\($0).jsonl" }
    var closed: [PackedShard] = []
    for run in [lines[0..<3], lines[3..<4], lines[4..<8], lines[8..<9]] {
      var text = run.map { $0 + "\n" }.joined()
      let shard = try text.withUTF8 { try writer.append(lines: $0, count: run.count) }
      if let shard { closed.append(shard) }
    }
    if let last = try writer.finish() { closed.append(last) }
    #expect(closed.map(\.requestCount) == shards.map(\.requestCount))
    #expect(closed.map(\.fileByteCount) == shards.map(\.fileByteCount))
    #expect(try closed.map { try together.text(of: $0.name) } == texts)
  }

  @Test func theEnvelopeCountsInTheBytes() throws {
    let lines = (1...4).map { "{\"n\":\($0)}" }
    let two = #"{"requests":[{"n":1},{"n":2}]}"#.utf8.count
    for (limit, counts) in [
      (two, [2, 2]), (two - 1, [1, 1, 1, 1]), (two + 7, [2, 2]), (two + 8, [3, 1]),
      (1, [1, 1, 1, 1]),
    ] {
      let folder = try ScratchDirectory()
      let shards = try pack(lines, .init(requestCount: 100, bodyByteCount: limit), in: folder)
      #expect(shards.map(\.requestCount) == counts)
      if limit > 1 { #expect(shards.allSatisfy { $0.bodyByteCount <= limit }) }
    }
  }

  @Test(arguments: [1, 2, 3, 5, 13, 4096])
  func bodiesAreTheSameWhateverTheRoom(_ room: Int) throws {
    let folder = try ScratchDirectory()
    let path = try folder.write("{\"a\":1}\n{\"b\":2}\n{\"c\":3}\n", to: "s")
    #expect(
      try body(ShardBody(path: path, fileByteCount: 24), room: room)
        == #"{"requests":[{"a":1},{"b":2},{"c":3}]}"#)
    let some = ShardBody(path: path, ranges: [0..<8, 8..<8, 16..<24])
    #expect(try body(some, room: room) == #"{"requests":[{"a":1},{"c":3}]}"#)
  }

  @Test func aShardThatChangedIsNoticed() throws {
    let folder = try ScratchDirectory()
    let path = try folder.write("{\"a\":1}\n{\"b\":2}\n", to: "s")
    #expect(throws: ShardReader.Changed.self) {
      try body(ShardBody(path: path, fileByteCount: 24), room: 9)
    }
    #expect(throws: ShardReader.Changed.self) {
      try body(ShardBody(path: path, fileByteCount: 15), room: 9)
    }
    #expect(throws: SystemError.self) {
      try body(ShardBody(path: "\(path)x", fileByteCount: 8), room: 9)
    }
  }

  @Test func manyMegabytesGoThrough() throws {
    let folder = try ScratchDirectory()
    let line = "{\"text\":\"" + String(repeating: "x", count: 100_000) + "\"}"
    let shards = try pack(
      Array(repeating: line, count: 100), .init(requestCount: 60, bodyByteCount: 256_000_000),
      in: folder)
    #expect(shards.map(\.requestCount) == [60, 40])
    #expect(try folder.bytes(of: "shard-1.jsonl").count == 60 * (line.utf8.count + 1))
    #expect(shards[0].fileByteCount == 60 * (line.utf8.count + 1))
  }

  @Test func abandonedShardsAreRemoved() throws {
    let folder = try ScratchDirectory()
    var writer = ShardWriter(
      folder: folder.url.path, limits: .init(requestCount: 9, bodyByteCount: 999)
    ) { "s\($0)" }
    _ = try writer.append(UnsafeBufferPointer("{}"), tokens: .zero)
    #expect(writer.currentNumber == 1)
    writer.abandon()
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path).isEmpty)
    #expect(try writer.finish() == nil)
  }

  @Test func fullDisksAndMissingFoldersAreNamed() throws {
    let limits = ShardWriter.Limits(requestCount: 9, bodyByteCount: 999)
    var full = ShardWriter(folder: "/dev", limits: limits) { _ in "full" }
    let error = #expect(throws: ShardError.self) {
      _ = try full.append(UnsafeBufferPointer("{}"), tokens: .zero)
      _ = try full.finish()
    }
    #expect(error?.isDiskFull == true)
    #expect(error?.step == .write)
    var missing = ShardWriter(folder: "/nowhere", limits: limits) { _ in "s" }
    let other = #expect(throws: ShardError.self) {
      _ = try missing.append(UnsafeBufferPointer("{}"), tokens: .zero)
    }
    #expect(other?.step == .create)
    #expect(other?.isDiskFull == false)
  }
}
