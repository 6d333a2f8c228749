/// A shard as the ledger has it. Times are UTC milliseconds.
public struct ShardRecord: Sendable, Equatable {
  /// Its number in this ledger.
  public var id: Int64
  /// The stage it belongs to.
  public var stage: Int64
  /// The plan of its requests.
  public var plan: Int64
  /// The provider entry it goes to.
  public var provider: String
  /// How far it is.
  public var state: ShardState
  /// Its file, relative to the state folder; absolute for an export.
  public var file: String
  /// 1 for first requests, 2 and more for repeated ones.
  public var wave: Int
  /// The requests in it.
  public var requestCount: Int
  /// The bytes of its file.
  public var byteCount: Int
  /// The estimated input tokens (high estimate).
  public var inputTokens: Int
  /// The lowest and highest number of its items.
  public var items: ClosedRange<Int64>
  /// When the create was decided on, by our clock.
  public var intentAt: Int64?
  /// The same moment by the provider's clock.
  public var intentProviderAt: Int64?
  /// When a look-up after an ambiguous create first found nothing.
  public var absentSince: Int64?
  /// The provider's id of the batch.
  public var remoteID: String?
  /// When the provider said that it has the batch, by our clock.
  public var submittedAt: Int64?
  /// When the batch was created, by the provider's clock.
  public var remoteCreatedAt: Int64?
  /// When the provider gives up on unfinished rows, by its clock.
  public var remoteExpiresAt: Int64?
  /// Where the results are.
  public var resultsURL: String?
  /// When we asked the provider to cancel the batch.
  public var cancelRequestedAt: Int64?
  /// When to ask for its state next, by our clock.
  public var nextPollAt: Int64?
  /// The results file, relative to the state folder.
  public var resultsFile: String?
  /// What became of its rows.
  public var outcome: ShardOutcome
}

/// What became of a shard's rows, and what they cost.
public struct ShardOutcome: Sendable, Equatable {
  /// Rows whose answer was accepted for an item that still wants it.
  public var accepted = 0
  /// Rows without a good answer, and requests without a row.
  public var failed = 0
  /// Rows that nobody wants any more; good answers among them are kept.
  public var superseded = 0
  /// Rows with a custom_id that is not of this shard, or that came twice.
  public var stray = 0
  /// Input tokens billed, cache reads and writes included.
  public var inputTokens = 0
  /// Output tokens billed.
  public var outputTokens = 0
  /// Nano-dollars.
  public var costNano: Int64 = 0

  /// All zero.
  public init() {}
}
