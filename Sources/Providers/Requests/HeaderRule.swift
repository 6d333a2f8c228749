/// Which headers a pipeline may add to the calls of a stage.
public enum HeaderRule {
  /// Headers that Leaven sets itself, or that decide how a message is framed; in lower case.
  private static let own: Set<String> = [
    "authorization", "x-api-key", "x-goog-api-key", "anthropic-version", "anthropic-beta",
    "openai-beta", "content-type", "content-length", "content-encoding", "transfer-encoding",
    "host",
    "connection", "expect", "accept", "accept-encoding", "te", "upgrade", "cookie",
  ]

  /// Whether a header is one that Leaven sets itself.
  public static func isOwn(_ name: String) -> Bool { own.contains(name.lowercased()) }

  /// Whether a header has a name, and a value without line ends or other control characters.
  public static func isSendable(_ name: String, _ value: String) -> Bool {
    !name.isEmpty && !value.isEmpty
      && name.utf8.allSatisfy { byte in
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x5F: true
        default: false
        }
      } && value.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F }
  }
}
