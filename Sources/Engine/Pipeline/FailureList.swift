public import Ledger
public import Pipelines

/// The records of a pipeline that were rejected, and those whose answers had to be repaired.
public struct FailureList: Sendable {
  private let offline: OfflineRun

  /// Prepares to look; nothing is opened yet.
  public init(_ plan: PipelinePlan, _ settings: RunSettings) {
    offline = OfflineRun(plan, settings)
  }

  /// Calls `body` for each rejected record, in the order of the ledger. Nothing is locked.
  ///
  /// - Parameters:
  ///   - stage: Only this stage; all when nil.
  ///   - body: What to do with each.
  /// - Throws: `RunError`.
  public func forEach(
    stage: String?, _ body: (Failure) throws -> Void
  ) async throws(RunError) {
    try await RunError.typed {
      let ledger = try RunLedger.openForReading(inFolder: offline.folder.path)
      try ledger.forEachFailure(ofStage: stage, body)
    }
  }

  /// Calls `body` for each accepted answer that was repaired, in the order of the ledger. Nothing is locked.
  ///
  /// - Parameters:
  ///   - stage: Only this stage; all when nil.
  ///   - body: What to do with each.
  /// - Throws: `RunError`.
  public func forEachRepaired(
    stage: String?, _ body: (RepairedAnswer) throws -> Void
  ) async throws(RunError) {
    try await RunError.typed {
      let ledger = try RunLedger.openForReading(inFolder: offline.folder.path)
      try ledger.forEachRepaired(ofStage: stage, body)
    }
  }

  /// Puts rejected records back.
  ///
  /// - Returns: How many.
  /// - Throws: `RunError`.
  public func retry(stage: String?) async throws(RunError) -> Int {
    try await offline.locked { ledger, _ in try ledger.retryFailures(ofStage: stage) }
  }
}
