#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// The descriptor under a connection, for what an HTTP server does not offer: resetting it.
///
/// It is found among the process's descriptors by its two ports, which name one connection on the
/// loopback address for as long as it lives.
struct ConnectionSocket: Sendable {
  private let descriptor: Int32

  /// The server's end of the connection with a client's port; nil when there is none.
  init?(serverPort: UInt16, clientPort: UInt16) {
    let found = Self.descriptors.first {
      Self.port(of: $0, getsockname) == serverPort && Self.port(of: $0, getpeername) == clientPort
    }
    guard let found else { return nil }
    descriptor = found
  }

  /// The socket that listens on a port.
  init?(listeningOn port: UInt16) {
    let found = Self.descriptors.first {
      Self.port(of: $0, getsockname) == port && Self.port(of: $0, getpeername) == nil
    }
    guard let found else { return nil }
    descriptor = found
  }

  /// Sends small writes at once; connections that are accepted later inherit it.
  func sendAtOnce() {
    var on: Int32 = 1
    setsockopt(
      descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
  }

  /// Resets the connection now: the client sees a reset, not an end.
  ///
  /// With no time to linger, closing a socket resets it. The descriptor itself must stay open,
  /// because the server closes it later and another file may have its number by then; so another
  /// file is put under it.
  func reset() {
    var now = linger(l_onoff: 1, l_linger: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &now, socklen_t(MemoryLayout<linger>.size))
    let nothing = open("/dev/null", O_RDWR)
    guard nothing >= 0 else { return }
    dup2(nothing, descriptor)
    close(nothing)
  }

  /// Tells a client that waits for it (`Expect: 100-continue`) to send its body.
  func sendContinue() {
    let line = Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)
    // A client that is gone by now is noticed when its body is read.
    _ = send(descriptor, line, line.count, Self.noSignal)
  }

  private static var noSignal: Int32 {
    #if canImport(Glibc)
      Int32(MSG_NOSIGNAL)
    #else
      0
    #endif
  }

  /// The open descriptors of the process.
  private static var descriptors: [Int32] {
    guard let listing = opendir("/dev/fd") else { return [] }
    defer { closedir(listing) }
    var numbers: [Int32] = []
    while let entry = readdir(listing) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if let number = Int32(name) { numbers.append(number) }
    }
    return numbers
  }

  /// The port of one end of a socket; nil when the descriptor is no connected IPv4 socket.
  private static func port(
    of descriptor: Int32,
    _ end: (Int32, UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Int32
  ) -> UInt16? {
    var address = sockaddr_in()
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let outcome = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { end(descriptor, $0, &length) }
    }
    guard outcome == 0, address.sin_family == sa_family_t(AF_INET) else { return nil }
    return UInt16(bigEndian: address.sin_port)
  }
}
