public import Providers

/// The requests of a stage that go first, and what must come of them before the rest goes.
public struct CanaryPlan: Hashable, Sendable {
  /// When requests go first.
  public enum Occasion: Hashable, Sendable {
    /// The pipeline does not say: before a model, schema and parameters that were never used, one request.
    case unusedPlan
    /// The pipeline says so: before a prompt, model, schema and parameters that have not passed yet.
    case unprovenPrompt
  }

  /// When requests go first.
  public let occasion: Occasion
  /// How many; none turns it off.
  public let records: Int
  /// The least share of answers that must be accepted at once.
  public let accepted: RecordLimit
  /// What a request may cost at most, on the average; nil when that is not limited.
  public let meanCost: Money?
  /// The largest share of answers that may be cut.
  public let truncated: RecordLimit

  /// Creates a plan.
  public init(
    _ occasion: Occasion, records: Int, accepted: RecordLimit, meanCost: Money? = nil,
    truncated: RecordLimit
  ) {
    self.occasion = occasion
    self.records = records
    self.accepted = accepted
    self.meanCost = meanCost
    self.truncated = truncated
  }
}
