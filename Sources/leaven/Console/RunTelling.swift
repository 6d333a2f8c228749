internal import Engine
internal import Pipelines

/// Tells people and programs what a run does: progress while it waits, one line for a tick, alerts to the pipeline's
/// command.
final class RunTelling: Sendable {
  /// How much is told.
  enum Style: Sendable {
    /// Everything, live on a terminal.
    case progress
    /// One line if something changed, as a cron job's log wants it; on a terminal like `progress`.
    case tick
    /// Errors and what a person must decide.
    case errorsOnly
  }

  private let style: Style
  private let progress: ProgressView
  private let tick: TickLine?
  private let hook: AlertHook?

  init(_ plan: PipelinePlan, style: Style) {
    self.style = style
    progress = ProgressView(isQuiet: style == .errorsOnly)
    tick = style == .tick && !Console.isLive ? TickLine() : nil
    hook = AlertHook(plan)
  }

  /// Takes note of an event.
  func hear(_ event: RunEvent) {
    if case .alert(let alert) = event { hook?.tell(alert) }
    if tick?.takes(event) == true { return }
    progress.hear(event)
  }

  /// Takes the live lines away.
  func end() { progress.end() }

  /// Tells how a run ended.
  func tell(_ ending: PipelineRun.Ending, pipeline: String, _ alerts: AlertBook) {
    let summary = RunSummary(ending, pipeline: pipeline)
    let isRoutine = ending.status == .ok && ending.heldSince == nil && !ending.isRunningElsewhere
    if isRoutine, let tick {
      if let line = tick.text(pipeline, ending) { Console.note(line) }
    } else if style != .errorsOnly || ending.status != .ok {
      summary.print()
    }
    if ending.status == .ok {
      if !ending.isRunningElsewhere { alerts.endedWell() }
    } else {
      alert(alerts.end(summary.alertKind, ending.status, because: summary.reason))
    }
  }

  /// Passes an alert on to the pipeline's command.
  func alert(_ alert: Alert?) {
    if let alert { hook?.tell(alert) }
  }
}
