public import Providers

/// Why a run's budget lets nothing more be sent.
public struct BudgetStop: Sendable, Equatable {
  /// The stage whose requests wait.
  public var stage: String
  /// What the run may spend.
  public var budget: Money
  /// What it has spent.
  public var spent: Money
  /// What is set aside for requests whose fate is not known.
  public var reserved: Money
  /// Requests of the stage that are packed and wait.
  public var waiting: Int
  /// What would be set aside for them.
  public var needed: Money
}

extension BudgetStop: CustomStringConvertible {
  /// What was spent, what is left to send and what it needs.
  public var description: String {
    let held = reserved > .zero ? " and \(reserved) held for what is not known" : ""
    let requests = waiting == 1 ? "1 request is" : "\(waiting) requests are"
    return
      "stage '\(stage)': the budget of \(budget) is used up: \(spent) spent\(held), \(left) left; "
      + "\(requests) left to send, for which \(needed) must be set aside"
  }

  /// What to do.
  public var hint: String {
    "what was paid for is kept; to send the rest, say budget: {usd: \(enough.decimal)} and run again"
  }

  private var left: Money { budget - spent - reserved }

  /// A budget that is enough for all at once, in whole cents.
  private var enough: Money {
    let exact = (spent + reserved + needed).nanodollars
    return Money(nanodollars: (exact + 9_999_999) / 10_000_000 * 10_000_000)
  }
}
