public import Providers

/// What some requests are expected to use and cost, as one batch or several.
public struct RequestForecast: Sendable, Equatable {
  /// How many.
  public var requests = 0
  /// Their input tokens.
  public var input = TokenEstimate.zero
  /// Their output tokens.
  public var output = TokenEstimate.zero
  /// What they cost at batch price; nil when no price is known.
  public var cost: MoneyRange?
  /// The most that they can cost, which a budget sets aside: the high estimate of the input, all of `max_tokens`.
  public var most: Money?

  /// No requests.
  public init() {
    cost = .zero
    most = .zero
  }

  /// So many like these together.
  func times(_ count: Int) -> RequestForecast {
    var all = self
    all.requests *= count
    all.input = input.times(count)
    all.output = output.times(count)
    all.cost = cost.map {
      MoneyRange(low: $0.low * count, likely: $0.likely * count, high: $0.high * count)
    }
    all.most = most.map { $0 * count }
    return all
  }

  /// Adds what likely comes on top of their cost.
  mutating func add(_ money: Money) {
    cost?.low += money
    cost?.likely += money
  }

  /// Adds others.
  public static func += (left: inout RequestForecast, right: RequestForecast) {
    left.requests += right.requests
    left.input += right.input
    left.output += right.output
    left.cost = left.cost.flatMap { cost in
      right.cost.map {
        var sum = cost
        sum += $0
        return sum
      }
    }
    left.most = left.most.flatMap { most in right.most.map { most + $0 } }
  }
}

extension TokenEstimate {
  /// The tokens of so many texts like this one.
  fileprivate func times(_ count: Int) -> TokenEstimate {
    TokenEstimate(low: low * count, likely: likely * count, high: high * count)
  }
}
