/// One row of a results file, judged.
public struct SettledRow: Sendable {
  /// Who waited for it.
  public var place: ShardRoster.Place
  /// What the row was: an outcome of the table `attempts`.
  public var outcome: AttemptOutcome
  /// What becomes of the item.
  public var verdict: Verdict
  /// Where the row lies in the results file, in bytes; nil when there is none.
  public var row: Range<Int>?
  /// Input tokens that are neither written to nor read from the cache.
  public var inputTokens: Int
  /// Output tokens.
  public var outputTokens: Int
  /// Tokens written to the cache.
  public var cacheWriteTokens: Int
  /// Tokens read from the cache.
  public var cacheReadTokens: Int
  /// Nano-dollars.
  public var costNano: Int64
  /// The provider's or the checker's words, for what was not accepted; what was repaired, for what was. Nil for an
  /// answer that was read as it came.
  public var detail: String?

  /// Whether it is a good answer that had to be repaired.
  public var isRepaired: Bool { outcome == .accepted && detail != nil }

  /// What becomes of the item that waited.
  public enum Verdict: Sendable, Equatable {
    /// It has its answer.
    case accept
    /// It is asked again while it has failed in this way fewer times than `attempts` since it was first asked or put
    /// back, else rejected.
    case retry(attempts: Int)
    /// It is rejected.
    case reject
  }

  /// Creates a row.
  public init(
    place: ShardRoster.Place, outcome: AttemptOutcome, verdict: Verdict,
    row: Range<Int>?, detail: String? = nil
  ) {
    self.place = place
    self.outcome = outcome
    self.verdict = verdict
    self.row = row
    self.detail = detail
    inputTokens = 0
    outputTokens = 0
    cacheWriteTokens = 0
    cacheReadTokens = 0
    costNano = 0
  }
}
