/// A provider's secret.
///
/// It prints as dots, in every way that Swift prints.
public struct APIKey: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible,
  CustomReflectable
{
  private let secret: String

  /// Wraps a secret.
  ///
  /// Nil when it is empty or holds anything but visible ASCII, which no header may carry.
  public init?(_ secret: String) {
    guard !secret.isEmpty, secret.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { return nil }
    self.secret = secret
  }

  /// What keys of the providers begin with.
  private static let marks = ["sk-ant-", "sk-proj-", "sk-svcacct-", "AIzaSy"]

  /// The secret itself; only headers take it.
  var revealed: String { secret }

  /// The text with every occurrence of the secret, and every word that looks like one, blanked out.
  func removed(from text: String) -> String {
    var kept = ""
    var rest = text[...]
    while let range = rest.firstRange(of: secret) {
      kept += rest[..<range.lowerBound] + "•••"
      rest = rest[range.upperBound...]
    }
    kept += rest
    return kept.split(separator: " ", omittingEmptySubsequences: false)
      .map { word in Self.marks.contains { word.contains($0) } ? "•••" : String(word) }.joined(
        separator: " ")
  }

  /// Dots.
  public var description: String { "•••" }
  /// Dots.
  public var debugDescription: String { "•••" }
  /// Nothing.
  public var customMirror: Mirror { Mirror(self, children: []) }
}
