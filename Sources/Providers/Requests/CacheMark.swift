/// Where a request says that what stands before is the same in many requests, and is to be kept for them.
///
/// No part of an answer's identity.
public struct CacheMark: Hashable, Sendable {
  /// How long a kept prefix lives.
  public enum Lifetime: String, Sendable {
    case fiveMinutes = "5m"
    case oneHour = "1h"
  }

  /// What the prefix ends with.
  public enum Place: Hashable, Sendable {
    /// The system text.
    case system
    /// A turn before the prompt, from 0.
    case turn(Int)
  }

  /// How long it lives.
  public var lifetime: Lifetime
  /// What it ends with.
  public var place: Place
  /// What the prefix has, at most, where that is known: a request may be billed for writing it.
  public var prefixTokens: Int

  /// Describes a mark.
  public init(_ lifetime: Lifetime, _ place: Place, prefixTokens: Int = 0) {
    self.lifetime = lifetime
    self.place = place
    self.prefixTokens = prefixTokens
  }
}
