public import Providers

/// What a run may spend.
public struct BudgetPlan: Hashable, Sendable {
  /// How much is set aside for requests before they are sent.
  public enum Reserve: String, Sendable, CaseIterable {
    /// The high estimate of the input and all of `max_tokens`: the budget is not overrun.
    case high
    /// The likely estimate of the input and half of `max_tokens`.
    case likely
  }

  /// The most that a run spends.
  public let amount: Money
  /// How much is set aside.
  public let reserve: Reserve
}
