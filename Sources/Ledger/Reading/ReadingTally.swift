/// What a reading found, by kind of change.
public struct ReadingTally: Sendable, Equatable {
  /// Records that were not there before.
  public var new = 0
  /// Records whose answer, pending or accepted, stays what it is.
  public var unchanged = 0
  /// Records of which a field that the prompt reads changed.
  public var edited = 0
  /// Records that must be asked again because template, model, schema or parameters changed; not those whose
  /// answer the ledger has from before.
  public var reasked = 0
  /// The records of `edited` and `reasked`, by all that changed.
  public var causes: [ChangeCauses: Int] = [:]
  /// Records whose accepted answer counts although template, model, schema or parameters changed: the policy says so.
  public var kept = 0
  /// The estimated input tokens (high) of the requests that `reasked` and `withheld` are about.
  public var tokensAgain = 0
  /// Records that had failed or whose request was lost, and that are decided about anew.
  public var retried = 0
  /// Records that would have to be asked again, but that was not allowed.
  public var withheld = 0
  /// New or changed records whose answer was already in the ledger.
  public var reused = 0
  /// Records rejected before anything was sent.
  public var rejected = 0
  /// Records dropped for a key that stood before.
  public var duplicate = 0
  /// Items whose record is gone.
  public var removed = 0
  /// Requests to send.
  public var toSend = 0
  /// Records that only another reading can decide about: read again at once (after an export: when its
  /// results are imported).
  public var unread = 0

  /// The stage's counts after it, where it stored all of the ledger's items; nil where they have to be counted.
  public var stage: StageCounts?

  /// Whether anything is not as it was before.
  public var hasChanges: Bool {
    new + edited + reasked + kept + retried + withheld + reused + rejected + removed > 0
  }

  /// An empty tally.
  public init() {}
}
