public import Providers

/// A record that was tried: what was asked, and what came of it.
public struct TrialSample: Sendable {
  /// What came of it.
  public enum Outcome: Sendable, Equatable {
    /// It was asked, and the answer is good.
    case accepted
    /// Its answer was there before; nothing was asked.
    case known
    /// It was asked, and there is no good answer; why.
    case failed(String)
    /// It cannot be asked; why.
    case rejected(String)
    /// It was to be asked, and was not.
    case unasked
  }

  /// The record's key.
  public let key: String
  /// The line of the source.
  public let line: Int
  /// The system text; empty without one.
  public var system = ""
  /// What the user says.
  public var prompt = ""
  /// The answer's text, good or not; empty when there is none.
  public var answer = ""
  /// What came of it.
  public var outcome = Outcome.unasked
  /// What it cost now.
  public var cost = Money.zero
}

/// What came of a trial.
public struct TrialReport: Sendable {
  /// The records, in the order of the source.
  public var samples: [TrialSample] = []
  /// Why not all could be asked; nil when all were.
  public var problem: RunError?

  /// What all of it cost.
  public var cost: Money { samples.reduce(.zero) { $0 + $1.cost } }
}
