/// Some items of a stage in the order in which they were stored, with what the ledger has for each: filled by
/// `AnswerWalk.load`, again and again.
///
/// Sendable because it has one owner at a time, and changes hands as a whole: that is its lock.
public final class AnswerPage: @unchecked Sendable {
  let page = WalkPage<KeptAnswer>()

  /// An empty page.
  public init() {}

  /// The number of items; 0 behind the last.
  public var count: Int { page.found.count }

  /// What the ledger has for an item.
  public subscript(position: Int) -> KeptAnswer { page.found[position].entry }

  /// Whether an item has this key.
  public func hasKey(_ key: UnsafeBufferPointer<UInt8>, at position: Int) -> Bool {
    page.hasKey(key, at: position)
  }
}
