public import Providers

/// An amount of money that is not known yet.
public struct MoneyRange: Sendable, Equatable {
  /// Few come to less.
  public var low: Money
  /// The best guess.
  public var likely: Money
  /// Few come to more.
  public var high: Money

  /// Creates a range.
  public init(low: Money, likely: Money, high: Money) {
    self.low = low
    self.likely = likely
    self.high = high
  }

  /// Creates a range from billionths of a dollar: low, likely, high.
  init(nanodollars: [Int64]) {
    self.init(
      low: Money(nanodollars: nanodollars[0]), likely: Money(nanodollars: nanodollars[1]),
      high: Money(nanodollars: nanodollars[2]))
  }

  /// Nothing.
  public static let zero = MoneyRange(low: .zero, likely: .zero, high: .zero)

  /// Adds another range.
  public static func += (left: inout MoneyRange, right: MoneyRange) {
    left.low += right.low
    left.likely += right.likely
    left.high += right.high
  }

  /// The range times a fraction.
  func scaled(by numerator: Int64, over denominator: Int64) -> MoneyRange {
    func scale(_ amount: Money) -> Money {
      Money(
        nanodollars: Int64(
          Int128(amount.nanodollars) * Int128(numerator) / Int128(max(denominator, 1))))
    }
    return MoneyRange(low: scale(low), likely: scale(likely), high: scale(high))
  }
}
