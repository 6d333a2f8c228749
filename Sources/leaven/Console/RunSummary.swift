internal import Engine
internal import Ledger
internal import Providers

/// The last lines of a run: how every stage ended, what it cost, and what to do next.
struct RunSummary {
  private let ending: PipelineRun.Ending
  private let pipeline: String
  private let next: NextCommand

  init(_ ending: PipelineRun.Ending, pipeline: String, _ next: NextCommand) {
    self.ending = ending
    self.pipeline = pipeline
    self.next = next
  }

  /// Prints the summary for people.
  func print() {
    if ending.isRunningElsewhere {
      Console.note("another run of \(pipeline) is at work; nothing to do here")
      return
    }
    for stage in ending.stages {
      Console.note(line(stage))
      if let rows = stage.leftOut { Console.note("  \(Wording.leftOut(rows))") }
      if let cache = stage.cache, cache.use.all > 0 {
        Console.note("  \(Wording.caching(cache))")
      }
    }
    if let run = ending.run, run.setAside > .zero { Console.note("  \(Wording.spending(run))") }
    if let since = ending.heldSince {
      Console.note("held since \(Wording.moment(since)); \(next.run("--release"))")
    }
    for problem in ending.problems {
      Console.fail(problem.description, hint: problem.hint.map(next.completing))
    }
    if ending.withheld.count > 0 {
      Console.fail(
        "\(Wording.reask(ending.withheld)) would have to be asked again because the prompt or the way "
          + "of asking changed; that is more than reask_limit allows",
        hint: next.run("--accept-reask"))
    }
    if ending.stages.contains(where: { $0.counts.rejected > 0 }) {
      Console.note("rejected records: \(next.look("failures"))")
    }
  }

  /// What kind of alert an end with another status than 0 is, and why it ended so, in one sentence.
  static func alert(_ ending: PipelineRun.Ending) -> (Alert.Kind, reason: String) {
    let kind: Alert.Kind =
      if case .budget? = ending.problems.first { .budget } else {
        ending.status == .tooManyRejected ? .failures : .exit
      }
    if let problem = ending.problems.first { return (kind, problem.description) }
    if ending.withheld.count > 0 {
      return (kind, "\(Wording.reask(ending.withheld)) would have to be asked again")
    }
    let rejected = ending.stages.reduce(0) { $0 + $1.counts.rejected }
    return (kind, "\(Wording.count(rejected, "record")) rejected")
  }

  private func line(_ stage: StageStanding) -> String {
    let mark = stage.isComplete ? Console.green("✓") : Console.yellow("…")
    let cost = stage.cost > .zero ? "  \(Wording.money(stage.cost))" : ""
    return "\(mark) \(Console.bold(stage.stage))  \(stage.counts.sentence)\(cost)"
  }
}
