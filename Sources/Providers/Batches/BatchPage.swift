/// One page of a listing, newest batch first.
public struct BatchPage: Hashable, Sendable {
  /// The batches.
  public var batches: [BatchState]
  /// Whether older ones follow.
  public var hasMore: Bool
  /// What to pass as `after` for the next page; nil when the page is empty.
  public var lastID: String?
  /// How the answer that told this looked.
  public var answer: ServerFacts
}
