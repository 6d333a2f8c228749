internal import Foundation
internal import GRDB
public import Records

/// A shard that went first.
public struct CanaryRecord: Sendable, Equatable {
  /// What came of it. The names are stored.
  public enum Verdict: String, Sendable, CaseIterable {
    /// It was within the bounds.
    case passed
    /// It was not.
    case failed
    /// It was not, and a person let the rest go all the same.
    case accepted
    /// Too little was answered to tell: another one goes.
    case inconclusive
  }

  /// The shard.
  public let shard: Int64
  /// The stage.
  public let stage: Int64
  /// The plan of its requests.
  public let plan: Int64
  /// The hash of the templates.
  public let template: ContentHash
  /// What came of it; nil until it is judged.
  public let verdict: Verdict?
}

extension CanaryRecord {
  init(row: Row) {
    let bytes: Data = row["template"]
    guard let template = bytes.withUnsafeBytes({ ContentHash(bytes: $0) }) else {
      preconditionFailure("the ledger's constraint allows only hashes")
    }
    self.init(
      shard: row["shard_id"], stage: row["stage_id"], plan: row["plan_id"], template: template,
      verdict: (row["verdict"] as String?).flatMap(Verdict.init(rawValue:)))
  }
}

/// What became of the requests of a canary, by outcome.
public struct CanaryOutcome: Sendable, Equatable {
  /// The outcome.
  public let outcome: AttemptOutcome
  /// How many requests had it.
  public let count: Int
  /// What they cost, in nano-dollars.
  public let costNano: Int64
  /// Some of their keys with the checker's words, in the order of the ledger.
  public let examples: [Example]

  /// One request.
  public struct Example: Sendable, Equatable {
    /// The record's key.
    public let key: [UInt8]
    /// The provider's or the checker's words; nil when there are none.
    public let detail: String?
  }
}
