/// How far a record is from the answer it wants. The codes are stored.
public enum ItemState: Int64, Sendable, CaseIterable {
  /// Wants an answer and is in no shard; the file of the shard it was in has its request.
  case pending = 2
  /// Its request lies in a shard.
  case packed = 3
  /// Has its answer.
  case accepted = 4
  /// Will not get an answer; the reason is kept.
  case rejected = 5
  /// Another item with the same identity was sent; its answer counts here, too.
  case twin = 6
  /// Its record is gone from the source.
  case removed = 7
  /// Wants an answer, but no file has its request: the next reading decides anew.
  case unread = 8

  /// The stored code, as a position among the states' counts.
  var number: Int { Int(rawValue) }

  /// The state behind a stored code.
  init(stored code: Int64) {
    guard let state = ItemState(rawValue: code) else {
      preconditionFailure("the ledger's constraint allows only known states")
    }
    self = state
  }
}
