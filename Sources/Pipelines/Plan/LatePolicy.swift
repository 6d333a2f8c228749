/// What happens to a batch that takes long.
public struct LatePolicy: Hashable, Sendable {
  /// What is done about it.
  public enum Remedy: String, Sendable, CaseIterable {
    /// It is awaited until it expires.
    case wait
    /// It is canceled; what is finished is kept, the rest goes into a new batch.
    case resubmit
    /// It is canceled; what is finished is kept, the rest is asked one by one.
    case concurrent
  }

  /// The share of the provider's window, 0 to 1, after which a batch counts as late.
  public let after: Double
  /// What is done then.
  public let remedy: Remedy

  /// Creates a policy.
  public init(after: Double, remedy: Remedy) {
    self.after = after
    self.remedy = remedy
  }
}
