import Foundation
import Records
import TestSupport
import Testing

@Suite struct JSONLSourceTests {
  private let scratch: ScratchDirectory

  init() throws { scratch = try ScratchDirectory() }

  private func read(_ text: String) throws -> [String] {
    Readings.jsonl(try scratch.write(text, to: "in.jsonl"))
  }

  @Test func readsLinesAndPassesOverBlankOnes() throws {
    #expect(
      try read("\u{FEFF}{\"a\":1}\r\n\n  \t\n{\"b\":\"\u{2028}\"}") == [
        #"1 {"a":1}"#, "4 {\"b\":\"\u{2028}\"}",
      ])
    #expect(try read("").isEmpty)
    #expect(try read("\n\n").isEmpty)
  }

  @Test func namesBadLinesAndReadsOn() throws {
    #expect(
      try read("[1]\n{\"a\":}\n{\"a\":1} x\n\"t\"\n{\"a\":2}\n{") == [
        "1 not-an-object", "2 bad-json", "3 bad-json", "4 not-an-object", #"5 {"a":2}"#,
        "6 bad-json",
      ])
    let source = JSONLSource(
      try ByteStream(path: scratch.write("{}\n{\"é\":x}\n", to: "bad.jsonl"), name: "bad"))
    _ = try source.next()
    let error = #expect(throws: SourceError.self) { try source.next() }
    #expect(
      error?.description == "bad:2:7: error[bad-json]: is not JSON: this byte cannot stand here")
    #expect(error?.byteOffset == 9)
  }

  @Test func readsLinesLongerThanTheWindow() throws {
    let long = String(repeating: "long ", count: 1_000_000)
    let text =
      "{\"a\":1}\n{\"a\":\"\(long)\"}\n{\"a\":2}\n"
      + String(repeating: "{\"b\":3}\n", count: 200_000)
    let source = JSONLSource(try ByteStream(path: scratch.write(text, to: "long.jsonl")))
    #expect(try source.next()?.root["a"]?.int == 1)
    #expect(try source.next()?.root["a"]?.rawBytes.count == 5_000_000)
    #expect(try source.next()?.root["a"]?.int == 2)
    var count = 0
    while let record = try source.next() {
      count += 1
      if record.root["b"]?.int != 3 { Issue.record("line \(record.line)") }
    }
    #expect(count == 200_000)
  }

  @Test func givesTheBytesOfTheLine() throws {
    let source = JSONLSource(
      try ByteStream(path: scratch.write("{ \"a\" : 1.0 }\r\n", to: "in.jsonl")))
    let record = try #require(try source.next())
    #expect(record.raw.map { String(decoding: $0, as: UTF8.self) } == "{ \"a\" : 1.0 }")
  }
}
