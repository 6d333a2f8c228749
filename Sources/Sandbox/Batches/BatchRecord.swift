/// A message batch as the sandbox knows it.
///
/// All times are the sandbox's, in UTC milliseconds.
struct BatchRecord: Hashable, Sendable {
  /// Batches finish or expire within this time from their creation.
  static let windowMs: Int64 = 24 * 3_600_000
  /// Results are kept this long from the creation.
  static let retentionMs: Int64 = 29 * windowMs

  let id: String
  /// The batch's number in this sandbox, from 1.
  let ordinal: Int
  let workspace: String
  /// The `anthropic-version` that it was created with; it holds for every row.
  let version: String
  /// Whether it was created with the beta header that allows 300,000 output tokens.
  let allowsLongOutput: Bool
  let requestCount: Int
  let createdAtMs: Int64
  /// The time from creation until the last row is done.
  let durationMs: Int64
  /// The share of rows that ever get done; below 1 the batch is stuck and ends by expiry or
  /// cancellation.
  let reachableShare: Double
  /// When the provider itself begins to cancel it, as a fault script may say.
  let canceledByOthersAtMs: Int64?
  var cancelInitiatedAtMs: Int64?
  /// Set, with the counts, once the batch has ended and its results are on disk.
  var endedAtMs: Int64?
  var counts: RowCounts?

  var expiresAtMs: Int64 { createdAtMs + Self.windowMs }
  var archivesAtMs: Int64 { createdAtMs + Self.retentionMs }
  var isStuck: Bool { reachableShare < 1 }

  /// How and when the batch ends, from what is known now.
  var ending: BatchEnding {
    let finish = isStuck ? Int64.max : createdAtMs + durationMs
    if let canceledAt = cancelStart, canceledAt < min(finish, expiresAtMs) {
      let wrapUp = min(max(durationMs / 20, 200), 60_000)
      let end = min(canceledAt + wrapUp, expiresAtMs)
      return BatchEnding(.canceled, atMs: end, doneShare: doneShare(atMs: canceledAt))
    }
    if finish <= expiresAtMs { return BatchEnding(.finished, atMs: finish, doneShare: 1) }
    return BatchEnding(.expired, atMs: expiresAtMs, doneShare: doneShare(atMs: expiresAtMs))
  }

  /// When cancellation began: by a client, or by others once that time has come.
  private var cancelStart: Int64? {
    guard let others = canceledByOthersAtMs else { return cancelInitiatedAtMs }
    return cancelInitiatedAtMs.map { min($0, others) } ?? others
  }

  /// When cancellation began, as far as it shows at a time.
  func cancelInitiated(byMs now: Int64) -> Int64? {
    guard ending.kind == .canceled, let start = cancelStart, start <= now else {
      return cancelInitiatedAtMs
    }
    return start
  }

  private func doneShare(atMs ms: Int64) -> Double {
    let progress = durationMs <= 0 ? 1 : Double(ms - createdAtMs) / Double(durationMs)
    return reachableShare * min(1, max(0, progress))
  }
}
