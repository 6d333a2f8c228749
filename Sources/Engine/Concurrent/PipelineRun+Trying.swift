internal import Ledger
public import Pipelines
internal import Providers

extension PipelineRun {
  /// Asks for the answers to a few records over the synchronous API, without reading the rest. The answers count: whoever wants
  /// them, in this run's stages or in a later reading, has them.
  ///
  /// - Parameters:
  ///   - count: At most so many records.
  ///   - key: Only the record with this key.
  ///   - stage: The stage.
  /// - Returns: What came of it.
  /// - Throws: `RunError`; also when the budget does not hold what the trial may cost.
  public func tryOut(
    _ count: Int, key: String?, stage: StagePlan
  ) async throws(RunError) -> TrialReport {
    try await RunError.typed {
      let lock = try await folder.lock()
      defer { withExtendedLifetime(lock) {} }
      try folder.make()
      try folder.spoolStandardInput(of: plan, settings)
      let ledger = try openLedger()
      let accounts = try AccountBook.open(inRoot: folder.root)
      let run = try stageRun(stage, ledger, accounts, InvocationReadings())
      return try await StageTrial(run).run(count, key: key)
    }
  }
}
