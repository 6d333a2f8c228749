import Foundation
import TestSupport
import Testing

@testable import Providers

struct HTTPClientTests {
  let client = HTTPClient()

  private func failure(_ request: HTTPRequest) async -> HTTPFailure? {
    do throws(HTTPFailure) {
      _ = try await client.send(request)
      return nil
    } catch {
      return error
    }
  }

  @Test func anAnswerComesWithStatusHeadersAndBody() async throws {
    let server = try ScriptedServer([
      .answer(
        200, headers: ["Request-Id": "req_1", "Date": "Sun, 06 Nov 1994 08:49:37 GMT"],
        body: "hello")
    ])
    defer { server.stop() }
    var request = HTTPRequest(.get, "\(server.url)/a?b=c")
    request.headers = [("x-one", "1")]
    let answer = try await client.send(request)
    #expect(answer.status == 200)
    #expect(answer.header("request-id") == "req_1")
    #expect(answer.date == 784_111_777_000)
    #expect(answer.body == Array("hello".utf8))
    #expect(server.requests.map(\.path) == ["/a?b=c"])
    #expect(server.requests[0].headers["x-one"] == "1")
    #expect(server.requests[0].headers["user-agent"] == "leaven")
  }

  @Test func aStreamedBodyArrivesWholeWithItsLength() async throws {
    let server = try ScriptedServer([.answer(200)])
    defer { server.stop() }
    let bytes = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    var request = HTTPRequest(.post, server.url)
    request.body = .stream(byteCount: bytes.count) { HTTPBytes(bytes) }
    _ = try await client.send(request)
    #expect(server.requests[0].headers["content-length"] == "3000000")
    #expect(server.requests[0].headers["expect"] == nil)
    #expect(server.requests[0].body == bytes)
  }

  @Test func anEmptyPostHasLengthZero() async throws {
    let server = try ScriptedServer([.answer(200)])
    defer { server.stop() }
    _ = try await client.send(HTTPRequest(.post, server.url))
    #expect(server.requests[0].method == "POST")
    #expect(server.requests[0].headers["content-length"] == "0")
  }

  @Test func aClosedPortIsNotSent() async throws {
    let server = try ScriptedServer([])
    server.stop()
    let failure = await failure(HTTPRequest(.post, server.url))
    #expect(failure?.phase == .notSent)
    #expect(failure?.reason == .notConnected)
    #expect(failure?.isTransient == true)
  }

  @Test func anUnknownNameIsNotSent() async {
    let failure = await failure(HTTPRequest(.get, "http://name.invalid/"))
    #expect(failure?.phase == .notSent)
    #expect(failure?.reason == .nameNotResolved)
  }

  @Test(arguments: [
    "ftp://127.0.0.1/", "nonsense", "http://", "http://u:p@127.0.0.1/", "http://a b/",
  ])
  func whatIsNoURLIsNotSent(_ url: String) async {
    let failure = await failure(HTTPRequest(.get, url))
    #expect(failure?.phase == .notSent)
    #expect(failure?.reason == .badURL)
  }

  @Test func aServerWithoutTLSIsNotTrusted() async throws {
    let server = try ScriptedServer([.raw("nonsense")])
    defer { server.stop() }
    var request = HTTPRequest(.post, "https://127.0.0.1:\(server.port)/")
    request.timeouts.connect = .seconds(2)
    let failure = await failure(request)
    #expect(failure?.phase == .notSent)
  }

  @Test func aResetAfterTheRequestIsAmbiguous() async throws {
    let server = try ScriptedServer([.reset])
    defer { server.stop() }
    var request = HTTPRequest(.post, server.url)
    request.body = .bytes([1, 2, 3])
    let failure = await failure(request)
    #expect(failure?.phase == .ambiguous)
    #expect(failure?.reason == .broken)
    #expect(server.requests.count == 1)
  }

  @Test func aResetWithinTheRequestIsNotSent() async throws {
    let server = try ScriptedServer([.resetAfter(bodyBytes: 1000)])
    defer { server.stop() }
    var request = HTTPRequest(.post, server.url)
    request.body = .bytes([UInt8](repeating: 7, count: 60_000_000))
    let failure = await failure(request)
    #expect(failure?.phase == .notSent)
    #expect(failure?.reason == .broken)
  }

  @Test func aCutAnswerIsCut() async throws {
    let folder = try ScratchDirectory()
    let server = try ScriptedServer([
      .cut(200, announced: 100, body: "some"), .cut(200, announced: 9, body: "x"),
    ])
    defer { server.stop() }
    let inMemory = await failure(HTTPRequest(.get, server.url))
    #expect(inMemory?.phase == .cutBody)
    #expect(inMemory?.reason == .broken)
    var request = HTTPRequest(.get, server.url)
    request.destination = .file(path: folder.path("body"))
    let inFile = await failure(request)
    #expect(inFile?.phase == .cutBody)
    #expect(!FileManager.default.fileExists(atPath: folder.path("body")))
  }

  @Test func anErrorWhoseBodyIsCutIsStillThatError() async throws {
    let server = try ScriptedServer([.cut(413, announced: 1000, body: "too la")])
    defer { server.stop() }
    let answer = try await client.send(HTTPRequest(.get, server.url))
    #expect(answer.status == 413)
    #expect(answer.body == Array("too la".utf8))
  }

  @Test func silenceStalls() async throws {
    let server = try ScriptedServer([.silence])
    defer { server.stop() }
    var request = HTTPRequest(.get, server.url)
    request.timeouts.stall = .seconds(1)
    let failure = await failure(request)
    #expect(failure?.phase == .ambiguous)
    #expect(failure?.reason == .stalled)
  }

  @Test func theTotalBoundHolds() async throws {
    let server = try ScriptedServer([.silence])
    defer { server.stop() }
    var request = HTTPRequest(.get, server.url)
    request.timeouts.total = .milliseconds(200)
    let failure = await failure(request)
    #expect(failure?.phase == .ambiguous)
    #expect(failure?.reason == .timedOut)
  }

  @Test func aCanceledTaskStopsItsTransfer() async throws {
    let server = try ScriptedServer([.silence])
    defer { server.stop() }
    let reason = await withTaskGroup(of: HTTPFailure.Reason?.self) { group in
      group.addTask { await self.failure(HTTPRequest(.get, server.url))?.reason }
      await server.received(1)
      group.cancelAll()
      return await group.next() ?? nil
    }
    #expect(reason == .canceled)
  }

  @Test func redirectsAreAnswersOnly() async throws {
    let server = try ScriptedServer([.answer(302, headers: ["Location": "/elsewhere"])])
    defer { server.stop() }
    let answer = try await client.send(HTTPRequest(.get, server.url))
    #expect(answer.status == 302)
    #expect(server.requests.count == 1)
  }

  @Test func aBodyAboveTheLimitIsTooLarge() async throws {
    let server = try ScriptedServer([.answer(200, body: "12345")])
    defer { server.stop() }
    var request = HTTPRequest(.get, server.url)
    request.destination = .memory(limit: 4)
    #expect(await failure(request)?.reason == .tooLarge)
  }

  @Test func aChunkedBodyGoesToItsFile() async throws {
    let folder = try ScratchDirectory()
    let pieces = ["one\n", "tw\u{2028}o\n", "three\n"]
    let server = try ScriptedServer([
      .chunks(200, pieces), .answer(404, body: "none"), .answer(200),
    ])
    defer { server.stop() }
    var request = HTTPRequest(.get, server.url)
    request.destination = .file(path: folder.path("body"))
    let answer = try await client.send(request)
    #expect(answer.body.isEmpty)
    #expect(answer.bodyByteCount == pieces.joined().utf8.count)
    #expect(try folder.text(of: "body") == pieces.joined())

    request.destination = .file(path: folder.path("missing"))
    #expect(try await client.send(request).body == Array("none".utf8))
    #expect(!FileManager.default.fileExists(atPath: folder.path("missing")))

    request.destination = .file(path: folder.path("empty"))
    #expect(try await client.send(request).bodyByteCount == 0)
    #expect(try folder.bytes(of: "empty").isEmpty)
  }

  @Test func aFullDiskIsNamed() async throws {
    let server = try ScriptedServer([.answer(200, body: "text")])
    defer { server.stop() }
    var request = HTTPRequest(.get, server.url)
    request.destination = .file(path: "/dev/full")
    let failure = await failure(request)
    #expect(failure?.reason == .notWritten(errno: ENOSPC))
    #expect(failure?.phase == .cutBody)
  }

  @Test func whatIsNoHTTPIsBroken() async throws {
    let server = try ScriptedServer([.raw("hello, who is there?\r\n\r\n")])
    defer { server.stop() }
    let failure = await failure(HTTPRequest(.get, server.url))
    #expect(failure?.phase == .ambiguous)
    #expect(failure?.reason == .broken)
  }

  @Test func aBodyThatCannotBeReadIsNotSent() async throws {
    let server = try ScriptedServer([.answer(200)])
    defer { server.stop() }
    var request = HTTPRequest(.post, server.url)
    let body = ShardBody(path: "/nowhere/shard", fileByteCount: 10)
    request.body = body.httpBody
    let failure = await failure(request)
    #expect(failure?.phase == .notSent)
    guard case .unreadableBody = failure?.reason else {
      Issue.record("\(String(describing: failure))")
      return
    }
  }

  @Test func connectionsAreUsedAgainButNotForWhatMustNotBeRepeated() async throws {
    let server = try ScriptedServer([.answer(200), .answer(200), .answer(200), .reset])
    defer { server.stop() }
    _ = try await client.send(HTTPRequest(.get, server.url))
    _ = try await client.send(HTTPRequest(.get, server.url))
    var create = HTTPRequest(.post, server.url)
    create.body = .bytes([1])
    create.isUnrepeatable = true
    _ = try await client.send(create)
    let failure = await failure(create)
    #expect(failure?.phase == .ambiguous)
    #expect(server.requests.map(\.connection) == [1, 1, 2, 3])
  }

  @Test func aDeadKeptConnectionIsReplacedForReads() async throws {
    let server = try ScriptedServer([.answer(200), .reset, .answer(200, body: "again")])
    defer { server.stop() }
    _ = try await client.send(HTTPRequest(.get, server.url))
    #expect(try await client.send(HTTPRequest(.get, server.url)).body == Array("again".utf8))
  }

  @Test func manyCallsAtOnceAllComeBack() async throws {
    let server = try ScriptedServer((0..<40).map { .answer(200, body: "\($0)") })
    defer { server.stop() }
    let total = try await withThrowingTaskGroup(of: Int.self) { group in
      for _ in 0..<40 {
        group.addTask { try await client.send(HTTPRequest(.get, server.url)).status }
      }
      return try await group.reduce(0) { $0 + $1 }
    }
    #expect(total == 40 * 200)
  }
}
