internal import Ledger
internal import Pipelines
public import Providers

/// Accepted answers that would have to be asked for again because the template, the model, the schema or a parameter
/// changed.
public struct Reask: Sendable, Equatable {
  /// How many.
  public var count: Int
  /// The most that they cost, about; nil when a price is not known.
  public var cost: Money?

  /// None.
  public static let none = Reask(count: 0, cost: .zero)

  /// Adds those of another stage.
  public static func + (left: Reask, right: Reask) -> Reask {
    Reask(
      count: left.count + right.count,
      cost: left.cost.flatMap { cost in right.cost.map { cost + $0 } })
  }
}

extension Reask {
  /// Prices requests: the high estimate of their input, and all of `max_tokens`.
  ///
  /// - Parameters:
  ///   - count: How many answers it is about.
  ///   - tokens: The input of their requests, in sum.
  ///   - stage: What is asked.
  ///   - asking: How.
  init(_ count: Int, tokens: Int, of stage: StagePlan, _ asking: Asking) {
    let each =
      count > 0 ? asking.cost?.of(input: tokens / count, output: stage.load.maxTokens) : .zero
    self.init(count: count, cost: each.map { $0 * count })
  }
}
