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
  private let next: NextCommand

  init(_ plan: PipelinePlan, style: Style, _ next: NextCommand) {
    self.style = style
    self.next = next
    progress = ProgressView(isQuiet: style == .errorsOnly)
    tick = style == .tick && !Console.isLive ? TickLine() : nil
    hook = AlertHook(plan)
  }

  /// Takes note of an event.
  func hear(_ event: RunEvent) {
    if case .alert(let alert) = event { hook?.tell(alert) }
    if tick?.takes(event) == true { return }
    if case .warning(let stage, let words) = event {
      progress.hear(.warning(stage: stage, next.completing(words)))
    } else {
      progress.hear(event)
    }
  }

  /// Takes the live lines away.
  func end() { progress.end() }

  /// Tells how a run ended.
  func tell(_ ending: PipelineRun.Ending, pipeline: String) {
    let summary = RunSummary(ending, pipeline: pipeline, next)
    let isRoutine = ending.status == .ok && ending.heldSince == nil && !ending.isRunningElsewhere
    if isRoutine, let tick {
      if let line = tick.text(pipeline, ending) { Console.note(line) }
    } else if style != .errorsOnly || ending.status != .ok {
      summary.print()
    }
  }

  /// Passes on that a run ended badly, unless that was told before; takes note that it ended well.
  func alert(_ ending: PipelineRun.Ending, _ alerts: AlertBook) {
    if ending.status == .ok {
      if !ending.isRunningElsewhere { alerts.endedWell() }
    } else {
      let (kind, reason) = RunSummary.alert(ending)
      alert(alerts.end(kind, ending.status, because: reason))
    }
  }

  /// Passes an alert on to the pipeline's command.
  func alert(_ alert: Alert?) {
    if let alert { hook?.tell(alert) }
  }
}
