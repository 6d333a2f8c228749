public import Ledger
public import Pipelines

/// The runs of a pipeline, from its ledger alone: nothing is locked, nobody is called.
public struct RunsSoFar: Sendable {
  /// The runs, newest first.
  public let runs: [RunHistory]

  /// Reads the last runs.
  ///
  /// - Parameters:
  ///   - plan: The pipeline.
  ///   - stateRoot: The state root.
  ///   - limit: At most so many.
  /// - Throws: `RunError`; also when it has never run.
  public init(_ plan: PipelinePlan, stateRoot: String, limit: Int) async throws(RunError) {
    let folder = StateFolder(root: stateRoot, pipeline: plan.name)
    runs = try await RunError.typed {
      try RunLedger.openForReading(inFolder: folder.path).history(limit: limit)
    }
  }
}
