/// How far a record is from the answer it wants. The codes are stored.
public enum ItemState: Int64, Sendable, CaseIterable {
  /// Wants an answer and is in no shard.
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
  /// Wants another answer than it has, but asking again was not allowed.
  case held = 8
}
