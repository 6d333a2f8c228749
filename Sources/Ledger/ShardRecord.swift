internal import GRDB

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
  /// The run in which it was sent; nil before that.
  public var run: Int64?
  /// Nano-dollars that were set aside when it was sent.
  public var reservedNano: Int64
  /// The most that it can cost, in nano-dollars, as estimated when it was sent.
  public var worstNano: Int64
  /// How its requests go; nil until that is decided.
  public var lane: ShardLane?
  /// What became of its rows.
  public var outcome: ShardOutcome
}

extension ShardRecord {
  init(row: Row) {
    guard let state = ShardState(rawValue: row["state"]) else {
      preconditionFailure("the ledger's constraint allows only known states")
    }
    let first: Int64 = row["first_item"]
    let last: Int64 = row["last_item"]
    self.init(
      id: row["id"], stage: row["stage_id"], plan: row["plan_id"], provider: row["provider"],
      state: state, file: row["file"], wave: row["wave"], requestCount: row["request_count"],
      byteCount: row["byte_count"], inputTokens: row["input_tokens"], items: first...last,
      intentAt: row["intent_at"], intentProviderAt: row["intent_provider_at"],
      absentSince: row["absent_since"], remoteID: row["remote_id"],
      submittedAt: row["submitted_at"], remoteCreatedAt: row["remote_created_at"],
      remoteExpiresAt: row["remote_expires_at"], resultsURL: row["results_url"],
      cancelRequestedAt: row["cancel_requested_at"], nextPollAt: row["next_poll_at"],
      resultsFile: row["results_file"], run: row["run_id"],
      reservedNano: row["reserved_nano"] ?? 0, worstNano: row["worst_nano"] ?? 0,
      lane: (row["lane"] as String?).flatMap(ShardLane.init(rawValue:)),
      outcome: ShardOutcome(row: row))
  }
}
