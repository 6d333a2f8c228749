internal import Ledger
public import Pipelines
internal import Providers

/// What a run would do now, and what that would cost. Nothing is sent, locked or changed.
public struct PipelineForecast: Sendable {
  /// The pipeline's name.
  public let name: String
  /// Its stages, in the order of the plan.
  public let stages: [StageForecast]

  /// Reads every source as a run would, in a copy of the ledger that is thrown away.
  ///
  /// - Parameters:
  ///   - plan: The pipeline; sandboxed, its sandbox's state is looked at.
  ///   - settings: Only the state root and the catalogue count.
  /// - Throws: `RunError`.
  public init(_ plan: PipelinePlan, _ settings: RunSettings) async throws(RunError) {
    name = plan.name
    stages = try await RunError.typed {
      let folder = StateFolder(
        root: settings.stateRoot, pipeline: plan.name, standardInput: settings.standardInput)
      var silent = settings
      silent.report = { _ in }
      let ledger = try RunLedger.scratch(ofFolder: folder.path)
      let accounts = try AccountBook.scratch()
      var forecasts: [StageForecast] = []
      for stage in plan.stages {
        let run = StageRun(
          stage: stage, plan: plan, way: stage.way(settings.catalog),
          ledger: ledger, accounts: accounts, folder: folder, session: nil,
          clock: RunClock(machine: settings.now), settings: silent,
          number: try ledger.stageID(stage.name), readings: InvocationReadings())
        let above = forecasts.filter { stage.upstreams.contains($0.stage) }
        let upstream = above.first { $0.counts.pending > 0 || $0.downstream != nil }
        forecasts.append(try await run.forecast(upstream))
      }
      return forecasts
    }
  }

  /// All requests of all stages.
  public var total: RequestForecast {
    stages.reduce(into: RequestForecast()) { $0 += $1.total }
  }

  /// What all of them cost at full price; nil without a known price.
  public var synchronousCost: MoneyRange? {
    var sum = MoneyRange.zero
    for stage in stages {
      guard let cost = stage.synchronousCost else { return nil }
      sum += cost
    }
    return sum
  }
}
