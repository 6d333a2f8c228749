public import Ledger
internal import Pipelines
public import Providers

/// What came of the requests that went first.
public struct CanaryReport: Sendable, Equatable {
  /// The stage.
  public let stage: String
  /// The bounds.
  let plan: CanaryPlan
  /// Whether none went before that told too little.
  let isFirst: Bool
  /// What became of the requests, the most frequent outcome first.
  public let outcomes: [CanaryOutcome]

  /// Requests that the model answered, or that the provider called invalid: these say something of the prompt. A
  /// server error or a canceled batch does not.
  public var judged: Int { outcomes.filter(\.outcome.tellsOfThePrompt).total }
  /// Answers that were accepted at once.
  public var accepted: Int { outcomes.filter { $0.outcome == .accepted }.total }
  /// Answers that were cut.
  public var truncated: Int { outcomes.filter { $0.outcome == .truncated }.total }
  /// Requests that the provider refuses as such.
  var invalid: Int { outcomes.filter { $0.outcome == .invalidRequest }.total }
  /// What a request cost, on the average.
  public var meanCost: Money {
    guard judged > 0 else { return .zero }
    return Money(nanodollars: outcomes.reduce(0) { $0 + $1.costNano } / Int64(judged))
  }

  /// What decides.
  var verdict: CanaryRecord.Verdict {
    // A provider that refuses the first request refuses them all.
    if judged > 0, invalid == judged { return .failed }
    guard judged * 2 > outcomes.total else { return .inconclusive }
    if isWithinBounds { return .passed }
    // One bad answer may be one bad record: more go before a person is asked.
    return isFirst && plan.occasion == .unusedPlan && judged == 1 ? .inconclusive : .failed
  }

  private var isWithinBounds: Bool {
    !plan.accepted.isMissed(by: accepted, of: judged)
      && !plan.truncated.isExceeded(by: truncated, of: judged)
      && plan.meanCost.map { meanCost <= $0 } != false
  }
}

extension CanaryReport: CustomStringConvertible {
  /// The figures beside the bounds, then a line for each reason with examples.
  public var description: String {
    var parts = ["\(accepted) of \(judged) accepted (at least \(plan.accepted))"]
    parts.append("\(truncated) cut (at most \(plan.truncated))")
    parts.append("\(meanCost) each" + (plan.meanCost.map { " (at most \($0))" } ?? ""))
    let lines = outcomes.filter { $0.outcome != .accepted }.map(Self.line)
    return
      "stage '\(stage)': the first \(outcomes.total) requests are not good enough to send the rest: "
      + parts.joined(separator: ", ") + lines.map { "\n  " + $0 }.joined()
  }

  /// What to do.
  public var hint: String {
    "mend the prompt and run again; or send the rest as it is: leaven run --accept-canary PIPELINE"
  }

  private static func line(_ outcome: CanaryOutcome) -> String {
    let examples = outcome.examples.map { example in
      String(decoding: example.key, as: UTF8.self) + (example.detail.map { ": \($0)" } ?? "")
    }
    return "\(outcome.count) \(outcome.outcome.rawValue): \(examples.joined(separator: "; "))"
  }
}

extension [CanaryOutcome] {
  /// The requests.
  fileprivate var total: Int { reduce(0) { $0 + $1.count } }
}

extension AttemptOutcome {
  /// Whether the outcome has to do with what was asked.
  fileprivate var tellsOfThePrompt: Bool {
    switch self {
    case .accepted, .invalidAnswer, .refusal, .truncated, .paused, .invalidRequest, .tooLarge: true
    case .open, .serverError, .overloaded, .expired, .canceled, .missing, .malformedRow,
      .unknownResult:
      false
    }
  }
}
