internal import GRDB

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

extension ShardOutcome {
  init(row: Row) {
    accepted = row["accepted_count"]
    failed = row["failed_count"]
    superseded = row["superseded_count"]
    stray = row["stray_count"]
    inputTokens = row["input_tokens_used"]
    outputTokens = row["output_tokens_used"]
    costNano = row["cost_nano"]
  }
}
