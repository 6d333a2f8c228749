/// One row of a results file, judged.
///
/// Some ten thousand wait in memory for each other, so it is packed.
public struct SettledRow: Sendable {
  /// The item's number, or less the attempt's; zero before that is known.
  private var placeCode: Int64 = 0
  /// Where the row lies; both zero when there is none.
  private var rowStart: Int64
  private var rowEnd: Int64
  /// Nano-dollars.
  public var costNano: Int64 = 0
  /// The provider's or the checker's words, for what was not accepted; what was repaired, for what was. Nil for an
  /// answer that was read as it came.
  public var detail: String?
  private var textStart: UInt32 = 0
  private var textEnd: UInt32 = 0
  private var input: UInt32 = 0
  private var output: UInt32 = 0
  private var cacheWrite: UInt32 = 0
  private var cacheRead: UInt32 = 0
  /// What becomes of the item.
  public var verdict: Verdict
  /// What the row was: an outcome of the table `attempts`.
  public var outcome: AttemptOutcome

  /// Who waited for it. Found out before the ledger is given the row.
  public var place: ShardRoster.Place {
    get { placeCode < 0 ? .attempt(-placeCode) : .item(placeCode) }
    set {
      switch newValue {
      case .item(let item): placeCode = item
      case .attempt(let attempt): placeCode = -attempt
      }
    }
  }

  /// Where the row lies in the results file, in bytes; nil when there is none.
  public var row: Range<Int>? { rowEnd == 0 ? nil : Int(rowStart)..<Int(rowEnd) }

  /// Where the text that is the whole answer lies in the row, quotes included, in bytes from the row's start; nil when that
  /// is not known, or the answer is another one. A text beyond 4 GB is not known.
  public var text: Range<Int>? {
    get { textEnd == 0 ? nil : Int(textStart)..<Int(textEnd) }
    set {
      let known = newValue.flatMap { $0.upperBound <= UInt32.max ? $0 : nil } ?? 0..<0
      (textStart, textEnd) = (UInt32(known.lowerBound), UInt32(known.upperBound))
    }
  }

  /// Input tokens that are neither written to nor read from the cache; here as below, more than 2³² - 1 count as that.
  public var inputTokens: Int {
    get { Int(input) }
    set { input = UInt32(clamping: newValue) }
  }

  /// Output tokens.
  public var outputTokens: Int {
    get { Int(output) }
    set { output = UInt32(clamping: newValue) }
  }

  /// Tokens written to the cache.
  public var cacheWriteTokens: Int {
    get { Int(cacheWrite) }
    set { cacheWrite = UInt32(clamping: newValue) }
  }

  /// Tokens read from the cache.
  public var cacheReadTokens: Int {
    get { Int(cacheRead) }
    set { cacheRead = UInt32(clamping: newValue) }
  }

  /// Whether it is a good answer that had to be repaired.
  public var isRepaired: Bool { outcome == .accepted && detail != nil }

  /// What becomes of the item that waited.
  public enum Verdict: Sendable, Equatable {
    /// It has its answer.
    case accept
    /// It is asked again while it has failed in this way fewer times than `attempts` since it was first asked or put
    /// back, else rejected.
    case retry(attempts: Int32)
    /// It is rejected.
    case reject
  }

  /// Creates a row of which it is not known who waited for it.
  public init(
    outcome: AttemptOutcome, verdict: Verdict, row: Range<Int>?, detail: String? = nil
  ) {
    self.outcome = outcome
    self.verdict = verdict
    rowStart = Int64(row?.lowerBound ?? 0)
    rowEnd = Int64(row?.upperBound ?? 0)
    self.detail = detail
  }

  /// Creates a row.
  public init(
    place: ShardRoster.Place, outcome: AttemptOutcome, verdict: Verdict,
    row: Range<Int>?, detail: String? = nil
  ) {
    self.init(outcome: outcome, verdict: verdict, row: row, detail: detail)
    self.place = place
  }
}
