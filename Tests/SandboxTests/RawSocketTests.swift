import Dispatch
import Records
import Sandbox
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What only a socket shows: framing, early answers, real resets.
@Suite struct RawSocketTests {
  /// Sends bytes and reads until the server has nothing more to say or `until` was said, on a thread
  /// that may block.
  private func exchange(
    _ client: SandboxClient, _ text: String, until end: String? = nil
  ) async -> (answer: String, wasReset: Bool) {
    let port = client.server.port ?? 0
    return await withCheckedContinuation { continuation in
      DispatchQueue.global().async {
        continuation.resume(returning: Self.exchange(port, text, until: end))
      }
    }
  }

  private static func exchange(
    _ port: UInt16, _ text: String, until end: String?
  ) -> (answer: String, wasReset: Bool) {
    let descriptor = connected(to: port)
    defer { close(descriptor) }
    let bytes = Array(text.utf8)
    #expect(send(descriptor, bytes, bytes.count, 0) == bytes.count)
    var answer: [UInt8] = []
    var room = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = recv(descriptor, &room, room.count, 0)
      let said = String(decoding: answer, as: UTF8.self)
      if count <= 0 { return (said, count < 0 && errno == ECONNRESET) }
      answer += room[0..<count]
      let saidNow = String(decoding: answer, as: UTF8.self)
      if let end, saidNow.contains(end) { return (saidNow, false) }
    }
  }

  private static func connected(to port: UInt16) -> Int32 {
    #if canImport(Glibc)
      let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    #else
      let descriptor = socket(AF_INET, SOCK_STREAM, 0)
    #endif
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let outcome = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    #expect(outcome == 0)
    return descriptor
  }

  private func head(_ method: String, _ path: String, _ more: String) -> String {
    "\(method) /anthropic/v1/\(path) HTTP/1.1\r\nHost: h\r\nx-api-key: k\r\n"
      + "anthropic-version: 2026-10-21\r\n\(more)\r\n\r\n"
  }

  @Test func chunkedBodiesAreRead() async throws {
    try await SandboxClient.with { (client) async throws in
      let body = SandboxClient.envelope(["a": params("Hello")])
      let (front, back) = (body.prefix(20), body.dropFirst(20))
      let text =
        head("POST", "messages/batches", "Transfer-Encoding: chunked\r\nConnection: close")
        + "\(String(front.utf8.count, radix: 16))\r\n\(front)\r\n"
        + "\(String(back.utf8.count, radix: 16));x=y\r\n\(back)\r\n0\r\n\r\n"
      let (answer, _) = await exchange(client, text)
      #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"))
    }
  }

  @Test func whoWaitsForWordGetsIt() async throws {
    try await SandboxClient.with { (client) async throws in
      let waiting = head(
        "POST", "messages/batches", "Content-Length: 100000\r\nExpect: 100-continue")
      #expect(
        await exchange(client, waiting, until: "\r\n\r\n").answer == "HTTP/1.1 100 Continue\r\n\r\n"
      )
    }
  }

  @Test func tooMuchIsRefusedBeforeItIsSent() async throws {
    try await SandboxClient.with { (client) async throws in
      for (path, length) in [("messages/batches", 256_000_001), ("messages", 32_000_001)] {
        let waiting = head("POST", path, "Content-Length: \(length)\r\nExpect: 100-continue")
        let (answer, _) = await exchange(client, waiting, until: "request_too_large")
        #expect(answer.hasPrefix("HTTP/1.1 413 Payload Too Large\r\n"))
      }
    }
  }

  @Test func aResetIsAReset() async throws {
    let script = Array(
      #"{"calls": [{"route": "list", "calls": {"nth": 1}, "reset": "before_headers"}, {"route": "list", "reset": "mid_body", "after_bytes": 10}]}"#
        .utf8)
    try await SandboxClient.with({ $0.faults = try FaultScript(parsing: script, name: "f") }) {
      (client) async throws in
      let first = await exchange(client, head("GET", "messages/batches", "Accept: */*"))
      #expect(first.wasReset && first.answer.isEmpty)
      let second = await exchange(client, head("GET", "messages/batches", "Accept: */*"))
      #expect(second.wasReset && second.answer.hasPrefix("HTTP/1.1 200 OK\r\n"))
      #expect(second.answer.hasSuffix("\r\n\r\n{\"data\":[]"))
    }
  }
}
