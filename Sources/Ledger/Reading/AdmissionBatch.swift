public import Records

/// Some thousand rendered records on their way into the ledger, and the ledger's decision for each.
///
/// The reader fills it, hands it to `ReadingSession.admit`, and gets it back with `decision` set; then it writes
/// the requests that are to be sent.
///
/// Sendable because it has one owner at a time: while `admit` works on it under the ledger's serial database queue, which is
/// its lock, the reader does not touch it.
public final class AdmissionBatch: @unchecked Sendable {
  /// One record.
  public struct Row {
    /// Where the key's bytes lie in `keys`.
    public var key: Range<Int>
    /// The line of the source where the record begins.
    public var line: Int
    /// The content half of the wanted answer's identity.
    public var content: ContentHash
    /// A hash of the fields that key and templates read.
    public var fields: UInt64
    /// The same over the fields that were read at the reading before; nil when they are these.
    public var fieldsBefore: UInt64?
    /// Where the request's line lies in `requests`, without a line end; empty for a rejected record.
    public var request: Range<Int>
    /// The estimated input tokens of the request.
    public var tokens: Tokens
    /// Why the record is rejected before it is sent, nil when it is fine.
    public var rejection: Rejection?
    /// What the ledger decided.
    public var decision: Decision = .undecided
    /// Why.
    public var finding: Finding = .unchanged

    /// Whether a hash is that of the fields, as they are read now or were before.
    func hasFields(_ hash: UInt64) -> Bool { hash == fields || hash == fieldsBefore }

    /// The estimated input tokens of the request, high estimate.
    var inputTokens: Int { tokens.high }

    /// Whether the record is none of the stage's any more, which only a partial reading has to say.
    public private(set) var leaves = false

    /// Creates a row of a record that is left out.
    public init(leaving key: Range<Int>, line: Int) {
      self.init(
        key: key, line: line, content: ContentHash(of: ""), fields: 0, request: 0..<0,
        tokens: Tokens(low: 0, likely: 0, high: 0))
      leaves = true
    }

    /// Creates an undecided row.
    public init(
      key: Range<Int>, line: Int, content: ContentHash, fields: UInt64, request: Range<Int>,
      tokens: Tokens, rejection: Rejection? = nil
    ) {
      self.key = key
      self.line = line
      self.content = content
      self.fields = fields
      self.request = request
      self.tokens = tokens
      self.rejection = rejection
    }
  }

  /// The estimated input tokens of a request.
  public struct Tokens: Sendable {
    /// Few requests have fewer.
    public let low: Int
    /// The best guess.
    public let likely: Int
    /// Few requests have more.
    public let high: Int

    /// Creates an estimate.
    public init(low: Int, likely: Int, high: Int) {
      self.low = low
      self.likely = likely
      self.high = high
    }
  }

  /// A reason with its words. An object, since few rows have one and all are copied.
  public final class Rejection: Sendable {
    /// A kebab-case code.
    public let reason: String
    /// The sentence.
    public let detail: String

    /// Creates a reason.
    public init(reason: String, detail: String) {
      self.reason = reason
      self.detail = detail
    }
  }

  /// What becomes of a request.
  public enum Decision: Equatable, Sendable {
    case undecided
    /// Write it into the shard with this number.
    case send(shard: Int64)
    /// Nothing is sent: the answer is there, or on its way, or the record is rejected.
    case keep
    /// The record's key stood before; this one is dropped.
    case duplicate
  }

  /// What the ledger found about a record.
  public enum Finding: Equatable, Sendable {
    /// It leads to what its item wants already.
    case unchanged
    /// It was not there before; what it leads to.
    case new(ItemState)
    /// It wants another answer than before; what that leads to.
    case changed(ChangeCauses, ItemState)
    /// It had failed, or its request was lost; what it leads to.
    case retried(ItemState)
    /// It would want another answer, but the one that it has counts.
    case kept(ChangeCauses)
    /// It would want another answer, which is not asked for yet.
    case withheld(ChangeCauses)
    /// Its key stood before.
    case duplicate
  }

  /// The records, in the source's order.
  public var rows: [Row] = []
  /// The keys' bytes, one after the other.
  public var keys = ByteBuffer(capacity: 1 << 16)
  /// The requests' lines, one after the other, each with its line end.
  public var requests = ByteBuffer(capacity: 1 << 20)

  /// Creates an empty batch.
  public init() {}

  /// Forgets the rows, keeps the storage.
  public func removeAll() {
    rows.removeAll(keepingCapacity: true)
    keys.removeAll()
    requests.removeAll()
    requests.shrink(to: 1 << 23)
  }

  /// A row's key.
  public func key(of row: Row) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(rebasing: keys.bytes[row.key])
  }
}
