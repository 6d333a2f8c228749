/// The scheme, host and port of a URL: what a key belongs to.
public struct HTTPOrigin: Hashable, Sendable, CustomStringConvertible {
  /// `http` or `https`.
  public let scheme: String
  /// The host in lower case; an IPv6 address in its brackets.
  public let host: String
  /// The port, the scheme's own when the URL names none.
  public let port: Int

  /// Reads the origin of an absolute URL.
  ///
  /// Nil when it is not `http` or `https`, has no host, holds user information or has bytes that no
  /// URL has.
  public init?(of url: String) {
    guard url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != 0x5C }),
      let colon = url.utf8.firstIndex(of: 0x3A)
    else { return nil }
    scheme = url[..<colon].lowercased()
    guard scheme == "http" || scheme == "https", url[colon...].hasPrefix("://") else { return nil }
    let rest = url[url.index(colon, offsetBy: 3)...]
    let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    guard !authority.contains("@") else { return nil }
    let hostEnd =
      authority.hasPrefix("[")
      ? authority.firstIndex(of: "]").map { authority.index(after: $0) }
      : authority.firstIndex(of: ":") ?? authority.endIndex
    guard let hostEnd, hostEnd > authority.startIndex else { return nil }
    host = authority[..<hostEnd].lowercased()
    let portText = authority[hostEnd...]
    if portText.isEmpty || portText == ":" {
      port = scheme == "https" ? 443 : 80
    } else {
      guard portText.hasPrefix(":"), let port = Int(portText.dropFirst()),
        (1...65_535).contains(port)
      else { return nil }
      self.port = port
    }
  }

  /// Whether the host is this machine.
  public var isLoopback: Bool {
    host == "localhost" || host == "[::1]"
      || host.hasPrefix("127.") && host.allSatisfy { $0 == "." || $0.isNumber }
  }

  /// The origin as a URL without a path; a usual port is left out.
  public var description: String {
    port == (scheme == "https" ? 443 : 80) ? "\(scheme)://\(host)" : "\(scheme)://\(host):\(port)"
  }
}
