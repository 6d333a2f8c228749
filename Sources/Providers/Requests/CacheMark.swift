/// Where a request says that what stands before is the same in many requests, and is to be kept for them.
///
/// No part of an answer's identity.
public struct CacheMark: Hashable, Sendable {
  /// How long a kept prefix lives.
  public enum Lifetime: String, Sendable {
    case fiveMinutes = "5m"
    case oneHour = "1h"

    /// The same in milliseconds.
    public var milliseconds: Int64 {
      switch self {
      case .fiveMinutes: 300_000
      case .oneHour: 3_600_000
      }
    }
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
  /// What the prefix has, as far as that is known: none where it is too short for the model to keep. A request may be
  /// billed for writing the high estimate.
  public var prefix: TokenEstimate

  /// Describes a mark.
  public init(_ lifetime: Lifetime, _ place: Place, prefix: TokenEstimate = .zero) {
    self.lifetime = lifetime
    self.place = place
    self.prefix = prefix
  }
}
