public import Pipelines
internal import Ledger

/// Remembers in a pipeline's ledger what was told of the ends of its runs, so that a cron job that fails the same way all
/// night tells it once.
public struct AlertBook: Sendable {
  private let plan: PipelinePlan
  private let folder: StateFolder
  private let now: @Sendable () -> Int64

  /// The book of a pipeline; nothing is opened yet.
  public init(_ plan: PipelinePlan, _ settings: RunSettings) {
    self.plan = plan
    folder = StateFolder(root: settings.stateRoot, pipeline: plan.name)
    now = settings.now
  }

  /// The alert for a run that ended with a status other than 0.
  ///
  /// - Parameters:
  ///   - kind: What kind of end it is.
  ///   - status: The status.
  ///   - sentence: Why it ended so.
  /// - Returns: Nil when the same was told before, and no run has ended well since.
  public func end(
    _ kind: Alert.Kind, _ status: ExitStatus, because sentence: String
  ) -> Alert? {
    let subject = RunTrouble(status: status, sentence: sentence).subject
    guard isNews(kind, subject) else { return nil }
    return Alert(
      kind, pipeline: plan.name, subject: "status \(status.rawValue)", sentence: sentence, at: now()
    )
  }

  /// Takes note that a run ended well.
  public func endedWell() {
    guard let ledger else { return }
    for kind in RunTrouble.kinds {
      // A ledger that cannot be written says so in the run itself; here at worst an alert is told twice.
      try? ledger.endAlerts(kind: kind.rawValue)
    }
  }

  private func isNews(_ kind: Alert.Kind, _ subject: String) -> Bool {
    // Told once too often rather than not at all.
    (try? ledger?.raiseAlert(kind: kind.rawValue, subject: subject, now: now())) ?? true
  }

  private var ledger: RunLedger? {
    guard folder.has(folder.file("ledger.sqlite")) else { return nil }
    // Without a ledger nothing is remembered: the alert is told.
    return try? RunLedger.open(of: plan, in: folder, now: now())
  }
}
