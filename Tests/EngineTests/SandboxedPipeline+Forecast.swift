import Engine
import Ledger
import Pipelines
import Providers
import Synchronization
import TestSupport

extension SandboxedPipeline {
  /// What `leaven plan` would say.
  func forecast() async throws -> PipelineForecast {
    let catalog = try Catalogs.builtIn()
    let now: @Sendable () -> Int64 = { 1_795_000_000_000 }
    let file = try PipelineReader.read(scratch.path("passages.yaml"))
    let plan = try PipelineChecker(catalog: catalog, now: now(), settings: []).check(file)
    let settings = RunSettings(
      stateRoot: scratch.path("state"), catalog: catalog, variable: { _ in nil }, now: now,
      report: { _ in })
    return try await PipelineForecast(plan.sandboxed(), settings)
  }

  /// Runs the pipeline, and tells what its readings found.
  func runHearingReadings(
    change: (inout RunSettings) -> Void = { _ in }
  ) async throws -> (outcome: Outcome, readings: [ReadingTally]) {
    let heard = Heard()
    let outcome = try await run(hear: { heard.note($0) }, change: change)
    return (outcome, heard.readings)
  }
}

/// What readings found, in order.
private final class Heard: Sendable {
  private let state = Mutex<[ReadingTally]>([])

  var readings: [ReadingTally] { state.withLock { $0 } }

  func note(_ event: RunEvent) {
    guard case .read(_, let tally, _, _, _) = event else { return }
    state.withLock { $0.append(tally) }
  }
}

extension StageForecast {
  /// The lines as short texts: reason, records, requests.
  var words: [String] {
    lines.map { line in
      let reason =
        switch line.reason {
        case .new: "new"
        case .changed(let causes): causes.names.joined(separator: "+")
        case .retried: "retried"
        }
      return "\(reason) \(line.records): \(line.forecast.requests)"
    }
  }
}

extension SandboxedPipeline {
  /// Puts rejected records back.
  func retryFailures() async throws {
    let catalog = try Catalogs.builtIn()
    let now: @Sendable () -> Int64 = { 1_795_000_000_000 }
    let file = try PipelineReader.read(scratch.path("passages.yaml"))
    let plan = try PipelineChecker(catalog: catalog, now: now(), settings: []).check(file)
    let settings = RunSettings(
      stateRoot: scratch.path("state"), catalog: catalog, variable: { _ in nil }, now: now,
      report: { _ in })
    _ = try await FailureList(plan.sandboxed(), settings).retry(stage: nil)
  }
}
