/// A batch as the sandbox knows it.
///
/// All times are the sandbox's, in UTC milliseconds.
struct BatchRecord: Hashable, Sendable {
  let id: String
  /// The batch's number in this sandbox, over all providers, from 1.
  let ordinal: Int
  let workspace: String
  let terms: BatchTerms
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

  var api: SandboxAPI { terms.api }
  var expiresAtMs: Int64 { createdAtMs + terms.windowMs }
  var isStuck: Bool { reachableShare < 1 }

  /// When work on rows begins: before it some providers look at the whole, or let it wait.
  ///
  /// At most two minutes after the creation.
  var startsAtMs: Int64 {
    createdAtMs + min(120_000, Int64(Double(durationMs) * terms.leadShare))
  }

  /// How long a provider takes to gather what is done, at the end of a batch that finishes or is
  /// canceled.
  var wrapUpMs: Int64 { min(max(durationMs / 20, 200), 60_000) }

  /// How and when the batch ends, from what is known now.
  var ending: BatchEnding {
    if terms.isBroken { return BatchEnding(.failed, atMs: startsAtMs, doneShare: 0) }
    let finish = isStuck ? Int64.max : createdAtMs + durationMs
    if let canceledAt = cancelStart, canceledAt < min(finish, expiresAtMs) {
      let end = min(canceledAt + wrapUpMs, expiresAtMs)
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

  /// The share of the rows that is done at a time.
  func doneShare(atMs ms: Int64) -> Double {
    let work = durationMs - (startsAtMs - createdAtMs)
    let progress = work <= 0 ? 1 : Double(ms - startsAtMs) / Double(work)
    return reachableShare * min(1, max(0, progress))
  }

  /// When the row is done whose own moment is `share` of all the work.
  func moment(ofShare share: Double) -> Int64 {
    let work = Double(durationMs - (startsAtMs - createdAtMs))
    return startsAtMs + Int64(share / reachableShare * work)
  }
}
