public import Providers
public import Records

/// Which model is asked, and how.
public struct LoadPlan: Sendable {
  /// The endpoint.
  public let provider: ProviderPlan
  /// The model, as the provider calls it.
  public let model: String
  /// The longest answer, in tokens.
  public let maxTokens: Int
  /// Further members of every request's body.
  public let parameters: [JSONValue.Member]
  /// Beta headers of every call.
  public let betas: [String]
  /// Further headers of every call: names and texts.
  public let headers: [JSONValue.Member]
  /// What the answer must be; nil when it is plain text.
  public let schema: AnswerSchema?
  /// Whether an answer that is not strict JSON may be repaired. Not part of the answers' identity.
  public let repairs: Bool
  /// What requests ask to be cached; nil for nothing. Not part of the answers' identity.
  public let cache: CacheMark?
  /// Whether runs say how much was read from the provider's cache.
  public let tellsCacheUse: Bool
  /// Whether answers repeat a code of their record. Not part of the answers' identity.
  public let echoesKey: Bool
  /// How requests are packed.
  public let shard: ShardLimits
  /// When the records that a stage above is done with are worth a batch, while it still works on others.
  public let eagerness: EagernessPlan
  /// How requests go.
  public let mode: SpeedMode
  /// Batches of this stage at the provider at one time.
  public let inFlight: Int
  /// Concurrent calls of this stage at one time.
  public let calls: Int
  /// How often a record may fail before it is rejected.
  public let attempts: AttemptLimits
  /// What happens to a batch that takes long.
  public let late: LatePolicy
  /// Whether a batch is removed from the provider once its answers are stored.
  public let deletesAfterCollect: Bool
  /// What goes first.
  public let canary: CanaryPlan
  /// What happens to records whose prompts are the same.
  public let identical: IdenticalPolicy
  /// Whether accepted answers count after a change of how they are asked for. Not part of the answers' identity.
  public let reuse: ReusePlan

  /// The limits of one batch.
  public struct ShardLimits: Hashable, Sendable {
    /// Requests, at most.
    public let maxRequests: Int
    /// Bytes, the provider's envelope included, at most.
    public let maxBytes: Int
  }
}
