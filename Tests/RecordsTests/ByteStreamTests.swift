import Foundation
import Records
import TestSupport
import Testing

@Suite struct ByteStreamTests {
  private let scratch: ScratchDirectory

  init() throws { scratch = try ScratchDirectory() }

  /// Reads a whole file in pieces of a size; the text and the error that ended it.
  private func read(_ path: String, by size: Int = 7) -> (String, SourceError?) {
    var bytes: [UInt8] = []
    let piece = UnsafeMutablePointer<UInt8>.allocate(capacity: size)
    defer { piece.deallocate() }
    do throws(SourceError) {
      let stream = try ByteStream(path: path)
      while true {
        let count = try stream.read(into: piece, capacity: size)
        if count == 0 { return (String(decoding: bytes, as: UTF8.self), nil) }
        bytes += UnsafeBufferPointer(start: piece, count: count)
      }
    } catch {
      return (String(decoding: bytes, as: UTF8.self), error)
    }
  }

  @Test(arguments: [2, 3, 5, 64, 4096]) func readsPlainAndCompressedFiles(_ size: Int) throws {
    let plain = try scratch.write("hello, world", to: "plain.txt")
    #expect(read(plain, by: size).0 == "hello, world")
    let members = Gzip.member("one,") + Gzip.member("") + Gzip.member("two") + [0, 0, 0]
    let compressed = try scratch.write(members, to: "named-otherwise.txt")
    #expect(read(compressed, by: size) == ("one,two", nil))
  }

  @Test func readsAFileOfOneByte() throws {
    #expect(read(try scratch.write("x", to: "x.gz")).0 == "x")
  }

  @Test func refusesWhatFollowsAMember() throws {
    let path = try scratch.write(Gzip.member("one") + Array("rest".utf8), to: "a.gz")
    #expect(read(path).1?.code == .badGzip)
  }

  @Test func refusesEveryTruncation() throws {
    let whole = Gzip.member("some text")
    for length in 2..<whole.count {
      let path = try scratch.write(Array(whole[..<length]), to: "\(length).gz")
      #expect(read(path).1?.code == .truncatedGzip, "\(length) bytes")
    }
  }

  @Test func namesWhatCannotBeOpened() throws {
    #expect(read(scratch.path("none")).1?.code == .unreadable)
    #expect(read(scratch.url.path).1?.sentence == "cannot be read: it is a folder")
  }

  @Test func spoolsAStreamIntoAFile() throws {
    let path = try scratch.write(Gzip.member("{\"a\":1}\n"), to: "in")
    let spooled = try FileSpool.copy(ByteStream(path: path), to: scratch.path("spool"))
    #expect(spooled.byteCount == 8)
    #expect(spooled.content == ContentHash(of: try scratch.text(of: "spool")))
    #expect(try scratch.text(of: "spool") == "{\"a\":1}\n")
  }
}
