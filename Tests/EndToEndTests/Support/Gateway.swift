import Foundation
import Synchronization

#if canImport(Glibc)
  import Glibc
  private let streamSocket = Int32(SOCK_STREAM.rawValue)
  private let noSignal = Int32(MSG_NOSIGNAL)
#else
  private let streamSocket = SOCK_STREAM
  private let noSignal: Int32 = 0
#endif

/// A server between the program and a sandbox: it can make the sandbox look like a provider that is none, and it
/// tells when each call is at a certain point. One connection carries one call.
final class Gateway: Sendable {
  /// Where a call is.
  enum Point: String, Sendable, CaseIterable {
    /// The request has come and was not passed on.
    case asked = "before it is passed on"
    /// The answer is there and was not passed back.
    case answered = "before its answer"
    /// Half of the answer was passed back.
    case halfAnswered = "half-way through its answer"
  }

  /// What becomes of a call at a point.
  enum Fate: Sendable {
    case goesOn
    /// The connection ends here.
    case isLost
  }

  /// A call at a point.
  struct Moment: Sendable {
    /// Of the call, counted from 1.
    var number: Int
    /// For instance `POST /anthropic/v1/messages/batches`.
    var line: String
    var point: Point
  }

  let port: Int
  private let target: Int
  private let hidesSandbox: Bool
  private let listener: Int32
  private let calls = Mutex<[String]>([])
  private let watch: @Sendable (Moment) -> Fate

  /// Listens on a port of its own.
  ///
  /// - Parameters:
  ///   - target: The port on loopback that calls are passed on to.
  ///   - hidesSandbox: Whether the headers that tell a sandbox are taken out of answers.
  ///   - watch: Decides about every call at every point, while the call waits.
  /// - Throws: `POSIXError` when there is no port.
  init(
    to target: Int, hidesSandbox: Bool = false,
    watch: @escaping @Sendable (Moment) -> Fate = { _ in .goesOn }
  ) throws {
    self.target = target
    self.hidesSandbox = hidesSandbox
    self.watch = watch
    listener = socket(AF_INET, streamSocket, 0)
    _ = fcntl(listener, F_SETFD, FD_CLOEXEC)
    var address = Self.loopback(port: 0)
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

  /// Stops listening.
  func stop() { shutdown(listener, Int32(SHUT_RDWR)) }

  /// The Anthropic API's base URL as the program sees it.
  var baseURL: String { "http://127.0.0.1:\(port)/anthropic" }

  /// The calls so far, in the order in which they came.
  var lines: [String] { calls.withLock { $0 } }

  private static func loopback(port: Int) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = UInt16(port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    return address
  }

  private func accept() {
    while true {
      #if canImport(Glibc)
        let client = Glibc.accept(listener, nil, nil)
      #else
        let client = Darwin.accept(listener, nil, nil)
      #endif
      guard client >= 0 else { break }
      _ = fcntl(client, F_SETFD, FD_CLOEXEC)
      Thread.detachNewThread {
        self.serve(client)
        close(client)
      }
    }
    close(listener)
  }

  private func serve(_ client: Int32) {
    guard let request = Message(readingRequestFrom: client) else { return }
    let line = request.firstLine.split(separator: " ").prefix(2).joined(separator: " ")
    let number = calls.withLock { calls in
      calls.append(line)
      return calls.count
    }
    guard watch(Moment(number: number, line: line, point: .asked)) == .goesOn else { return }
    guard var answer = passOn(request) else { return }
    if hidesSandbox { answer.removeHeaders(withPrefix: "leaven-sandbox") }
    guard watch(Moment(number: number, line: line, point: .answered)) == .goesOn else { return }
    let bytes = answer.bytes
    Self.send(bytes.prefix(bytes.count / 2), to: client)
    guard watch(Moment(number: number, line: line, point: .halfAnswered)) == .goesOn else { return }
    Self.send(bytes.dropFirst(bytes.count / 2), to: client)
  }

  private func passOn(_ request: Message) -> Message? {
    let server = socket(AF_INET, streamSocket, 0)
    defer { close(server) }
    _ = fcntl(server, F_SETFD, FD_CLOEXEC)
    var address = Self.loopback(port: target)
    let isConnected = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(server, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
    guard isConnected else { return nil }
    Self.send(request.closingConnection().bytes[...], to: server)
    return Message(readingToEndOf: server)?.closingConnection()
  }

  private static func send(_ bytes: ArraySlice<UInt8>, to socket: Int32) {
    var rest = bytes
    while !rest.isEmpty {
      #if canImport(Glibc)
        let sent = rest.withUnsafeBytes { Glibc.send(socket, $0.baseAddress, $0.count, noSignal) }
      #else
        let sent = rest.withUnsafeBytes { Darwin.send(socket, $0.baseAddress, $0.count, noSignal) }
      #endif
      guard sent > 0 else { return }
      rest = rest.dropFirst(sent)
    }
  }
}

/// An HTTP message as lines of a head and the bytes of a body.
private struct Message {
  private var head: [String]
  private var body: [UInt8]

  var firstLine: String { head[0] }
  var bytes: [UInt8] { Array((head.joined(separator: "\r\n") + "\r\n\r\n").utf8) + body }

  /// Reads a request: as many bytes as it announces.
  init?(readingRequestFrom socket: Int32) {
    var bytes: [UInt8] = []
    var missing = 1
    while missing > 0 {
      guard let more = Self.read(socket) else { return nil }
      bytes += more
      guard let message = Message(bytes) else { continue }
      missing = (message.header("content-length").flatMap { Int($0) } ?? 0) - message.body.count
    }
    self.init(bytes)
  }

  /// Reads an answer up to the connection's end.
  init?(readingToEndOf socket: Int32) {
    var bytes: [UInt8] = []
    while let more = Self.read(socket) { bytes += more }
    self.init(bytes)
  }

  private init?(_ bytes: [UInt8]) {
    guard let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
    head = String(decoding: bytes[..<end.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
    body = Array(bytes[end.upperBound...])
  }

  /// The same message as the last one of its connection.
  func closingConnection() -> Message {
    var message = self
    message.removeHeaders(withPrefix: "connection:")
    message.head.append("Connection: close")
    return message
  }

  mutating func removeHeaders(withPrefix prefix: String) {
    head.removeAll { $0.lowercased().hasPrefix(prefix) }
  }

  private func header(_ name: String) -> String? {
    head.first { $0.lowercased().hasPrefix(name + ":") }
      .map { $0.dropFirst(name.count + 1).trimmingCharacters(in: .whitespaces).lowercased() }
  }

  private static func read(_ socket: Int32) -> [UInt8]? {
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    let count = recv(socket, &buffer, buffer.count, 0)
    return count > 0 ? Array(buffer.prefix(count)) : nil
  }
}
