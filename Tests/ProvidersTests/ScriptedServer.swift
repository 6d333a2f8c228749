import Foundation
import Synchronization

#if canImport(Glibc)
  private let streamSocket = Int32(SOCK_STREAM.rawValue)
  private let noSignal = Int32(MSG_NOSIGNAL)
#else
  private let streamSocket = SOCK_STREAM
  private let noSignal: Int32 = 0
#endif

/// An HTTP/1.1 server on loopback that does with each request what its script says next: also what no
/// well-behaved server does. It is written with plain sockets and shares nothing with the client.
final class ScriptedServer: Sendable {
  /// A request as it came.
  struct Request: Sendable {
    var method: String
    var path: String
    /// Names in lower case.
    var headers: [String: String]
    var body: [UInt8]
    /// Which connection it came over, from 1.
    var connection: Int

    var text: String { String(decoding: body, as: UTF8.self) }
  }

  /// What to do with a request.
  enum Reply: Sendable {
    /// Answer in full.
    case answer(Int, headers: [String: String] = [:], body: String = "")
    /// Answer in chunks of these pieces.
    case chunks(Int, [String])
    /// Announce more bytes than are sent, then close.
    case cut(Int, announced: Int, body: String)
    /// Read the request, then reset the connection.
    case reset
    /// Read the head and some of the body, then reset the connection.
    case resetAfter(bodyBytes: Int)
    /// Never answer.
    case silence
    /// Send these bytes and close.
    case raw(String)
  }

  private struct State {
    var script: [Reply]
    var requests: [Request] = []
    /// Those that are open; a descriptor leaves the list before it is closed and its number used again.
    var connections: Set<Int32> = []
    var waiters: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
    var isStopped = false
  }

  let port: Int
  private let listener: Int32
  private let state: Mutex<State>

  init(_ script: [Reply]) throws {
    state = Mutex(State(script: script))
    listener = socket(AF_INET, streamSocket, 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let listener = listener
    let isBound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        bind(listener, address, length) == 0 && listen(listener, 64) == 0
          && getsockname(listener, address, &length) == 0
      }
    }
    guard isBound else { throw POSIXError(.EADDRNOTAVAIL) }
    port = Int(UInt16(bigEndian: address.sin_port))
    Thread.detachNewThread { self.accept() }
  }

  var url: String { "http://127.0.0.1:\(port)" }

  /// The requests that came whole (or as far as the script let them), in order.
  var requests: [Request] { state.withLock { $0.requests } }

  /// Adds replies: some name the server's own address.
  func goOn(with replies: [Reply]) { state.withLock { $0.script += replies } }

  /// Waits until so many requests have come.
  func received(_ count: Int) async {
    await withCheckedContinuation { continuation in
      state.withLock { $0.waiters.append((count, continuation)) }
      wakeWaiters()
    }
  }

  private func note(_ request: Request) {
    state.withLock { $0.requests.append(request) }
    wakeWaiters()
  }

  private func wakeWaiters() {
    let due = state.withLock { state in
      let due = state.waiters.filter { $0.count <= state.requests.count }
      state.waiters.removeAll { $0.count <= state.requests.count }
      return due
    }
    for waiter in due { waiter.continuation.resume() }
  }

  /// Ends everything; a client that still waits sees the connection end.
  func stop() {
    state.withLock { state in
      guard !state.isStopped else { return }
      state.isStopped = true
      shutdown(listener, Int32(SHUT_RDWR))
      for connection in state.connections { shutdown(connection, Int32(SHUT_RDWR)) }
    }
  }

  private func accept() {
    var number = 0
    while case let connection = Foundation.accept(listener, nil, nil), connection >= 0 {
      // Inherited by a program that another test starts, it would stay open when it is closed here.
      _ = fcntl(connection, F_SETFD, FD_CLOEXEC)
      number += 1
      let index = number
      let isStopped = state.withLock { state in
        if !state.isStopped { state.connections.insert(connection) }
        return state.isStopped
      }
      if isStopped {
        close(connection)
        break
      }
      Thread.detachNewThread {
        self.serve(ScriptedConnection(connection), index)
        self.state.withLock { _ = $0.connections.remove(connection) }
        close(connection)
      }
    }
    // Under the lock, so that `stop` never shuts down a number that is used again.
    state.withLock { state in
      state.isStopped = true
      close(listener)
    }
  }

  private func serve(_ connection: ScriptedConnection, _ index: Int) {
    while var request = connection.readHead() {
      request.connection = index
      let reply = state.withLock { $0.script.isEmpty ? .answer(599) : $0.script.removeFirst() }
      let length = Int(request.headers["content-length"] ?? "0") ?? 0
      if case .resetAfter(let bodyBytes) = reply {
        request.body = connection.read(min(bodyBytes, length))
        note(request)
        connection.reset()
        return
      }
      request.body = connection.read(length)
      note(request)
      guard connection.carryOut(reply) else { return }
    }
  }
}

/// One connection of a scripted server. Used by one thread.
final class ScriptedConnection {
  private let descriptor: Int32
  private var buffer: [UInt8] = []

  init(_ descriptor: Int32) { self.descriptor = descriptor }

  func reset() {
    var linger = linger(l_onoff: 1, l_linger: 0)
    setsockopt(
      descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout.size(ofValue: linger)))
  }

  func readHead() -> ScriptedServer.Request? {
    var end = buffer.firstRange(of: Array("\r\n\r\n".utf8))
    while end == nil {
      guard fill() else { return nil }
      end = buffer.firstRange(of: Array("\r\n\r\n".utf8))
    }
    guard let end else { return nil }
    let lines = String(decoding: buffer[..<end.lowerBound], as: UTF8.self).components(
      separatedBy: "\r\n")
    buffer.removeSubrange(..<end.upperBound)
    let words = lines[0].split(separator: " ").map(String.init)
    var headers: [String: String] = [:]
    for line in lines.dropFirst() {
      let parts = line.split(separator: ":", maxSplits: 1).map {
        $0.trimmingCharacters(in: .whitespaces)
      }
      headers[parts[0].lowercased()] = parts.count > 1 ? parts[1] : ""
    }
    return ScriptedServer.Request(
      method: words[0], path: words[1], headers: headers, body: [], connection: 0)
  }

  func read(_ count: Int) -> [UInt8] {
    while buffer.count < count, fill() {}
    let body = Array(buffer.prefix(count))
    buffer.removeFirst(body.count)
    return body
  }

  /// Returns whether the connection goes on.
  func carryOut(_ reply: ScriptedServer.Reply) -> Bool {
    switch reply {
    case .answer(let status, var headers, let body):
      headers["Content-Length"] = "\(body.utf8.count)"
      send(head(status, headers) + body)
      return true
    case .chunks(let status, let pieces):
      send(head(status, ["Transfer-Encoding": "chunked"]))
      for piece in pieces { send("\(String(piece.utf8.count, radix: 16))\r\n\(piece)\r\n") }
      send("0\r\n\r\n")
      return true
    case .cut(let status, let announced, let body):
      send(head(status, ["Content-Length": "\(announced)"]) + body)
      return false
    case .reset:
      reset()
      return false
    case .resetAfter: return false
    case .silence:
      while fill() {}
      return false
    case .raw(let text):
      send(text)
      return false
    }
  }

  private func head(_ status: Int, _ headers: [String: String]) -> String {
    let lines = headers.map { "\($0): \($1)\r\n" }.joined()
    return "HTTP/1.1 \(status) Status\r\n\(lines)\r\n"
  }

  private func send(_ text: String) {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let sent = rest.withUnsafeBytes {
        Foundation.send(descriptor, $0.baseAddress, $0.count, noSignal)
      }
      guard sent > 0 else { return }
      rest = rest.dropFirst(sent)
    }
  }

  private func fill() -> Bool {
    var piece = [UInt8](repeating: 0, count: 65_536)
    let count = recv(descriptor, &piece, piece.count, 0)
    guard count > 0 else { return false }
    buffer += piece[..<count]
    return true
  }
}
