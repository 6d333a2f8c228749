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
    /// Where the request's line lies in `requests`, without a line end; empty for a rejected record.
    public var request: Range<Int>
    /// The estimated input tokens of the request (high estimate).
    public var inputTokens: Int
    /// Why the record is rejected before it is sent, nil when it is fine.
    public var rejection: Rejection?
    /// What the ledger decided.
    public var decision: Decision = .undecided

    /// Creates an undecided row.
    public init(
      key: Range<Int>, line: Int, content: ContentHash, fields: UInt64, request: Range<Int>,
      inputTokens: Int, rejection: Rejection? = nil
    ) {
      self.key = key
      self.line = line
      self.content = content
      self.fields = fields
      self.request = request
      self.inputTokens = inputTokens
      self.rejection = rejection
    }
  }

  /// A reason with its words.
  public struct Rejection: Sendable {
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

  /// The records, in the source's order.
  public var rows: [Row] = []
  /// The keys' bytes, one after the other.
  public var keys = ByteBuffer(capacity: 1 << 16)
  /// The requests' lines, one after the other.
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
