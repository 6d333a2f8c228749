public import Pipelines

extension MergeOutcome {
  /// What to do about records that are new or changed since they were read.
  ///
  /// - Parameter since: What the stage's readings begin at: they do not meet a record whose field did not rise.
  /// - Returns: A sentence; nil when there are none.
  public func wordsOnChanges(since: SincePlan?) -> String? {
    guard changed > 0 else { return nil }
    let what =
      changed == 1
      ? "1 record is new or changed since it was read"
      : "\(changed) records are new or changed since they were read"
    guard let since else { return "\(what); run again" }
    return "\(what); a run reads those whose '\(since.field)' rose; to have all read: "
      + "leaven run --reread PIPELINE"
  }
}
