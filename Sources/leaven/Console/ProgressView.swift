internal import Engine
internal import Ledger
internal import Providers
internal import Synchronization

/// Shows what a run does: one live line a stage on a terminal, plain lines elsewhere.
final class ProgressView: Sendable {
  private struct State {
    var stages: [StageStanding] = []
    var reading: [String: Int] = [:]
    var asked: [String: (answered: Int, total: Int)] = [:]
    var waiting: (until: Int64, now: Int64)?
    var lastLine: String?
    var drawnLines = 0
    var lastDraw = ContinuousClock.now
  }

  private let isQuiet: Bool
  private let started = ContinuousClock.now
  private let state = Mutex(State())

  init(isQuiet: Bool) { self.isQuiet = isQuiet }

  /// Takes note of an event.
  func hear(_ event: RunEvent) {
    guard !isQuiet else { return }
    state.withLock { state in
      note(event, &state)
      guard let line = Self.line(event) else {
        draw(&state, force: false)
        return
      }
      // Waiting for room is told once, not at every look.
      guard line != state.lastLine else { return }
      state.lastLine = line
      erase(&state)
      Console.note(line)
      draw(&state, force: true)
    }
  }

  /// Takes the live lines away.
  func end() {
    state.withLock { erase(&$0) }
  }

  private func note(_ event: RunEvent, _ state: inout State) {
    state.waiting = nil
    switch event {
    case .reading(let stage, let count): state.reading[stage] = count
    case .read(let stage, _, _, _, _): state.reading[stage] = nil
    case .standing(let standing):
      if let place = state.stages.firstIndex(where: { $0.stage == standing.stage }) {
        state.stages[place] = standing
      } else {
        state.stages.append(standing)
      }
    case .asked(let stage, _, let answered, let total): state.asked[stage] = (answered, total)
    case .applied(let stage, _, _): state.asked[stage] = nil
    case .waiting(let until, let now): state.waiting = (until, now)
    default: break
    }
  }

  /// What an event is on a line of its own; nil for what only moves the live lines.
  private static func line(_ event: RunEvent) -> String? {
    switch event {
    case .reading, .standing, .waiting, .lookedUp, .asked: return nil
    case .read(let stage, let tally, let counts, let shards, let cost):
      return read(stage, tally, counts, shards, cost)
    case .judgedAgain(let stage, let accepted, let revalidated):
      return "\(stage): stored answers judged again: \(judged(accepted, revalidated))"
    case .submitted(let stage, _, let batch, let requests):
      return "\(stage): submitted \(Wording.count(requests, "request")) as \(batch)"
    case .asking(let stage, _, let requests, let reason):
      let why = reason.map { ": \($0)" } ?? ""
      return "\(stage): asking \(Wording.count(requests, "request")) one by one\(why)"
    case .batched(let stage, let reason): return "\(stage): \(reason)"
    case .adopted(let stage, let shard, let batch):
      return "\(stage): shard \(shard) is at the provider as \(batch); it is not sent again"
    case .collected(let stage, _, let batch): return "\(stage): collected \(batch)"
    case .applied(let stage, _, let outcome):
      return "\(stage): \(applied(outcome))"
    case .repaired(let stage, let answers):
      return "\(stage): \(Wording.count(answers, "answer")) repaired"
    case .repacked(let stage, let requests, let shards):
      return
        "\(stage): asking \(Wording.count(requests, "record")) again in \(Wording.count(shards, "shard"))"
    case .split(let stage, _, let requests, let waiting):
      return
        "\(stage): \(Wording.count(requests, "request")) of a batch first, \(Wording.count(waiting)) wait"
    case .canaryPassed(let stage, let report):
      return
        "\(stage): the first \(Wording.count(report.judged)): \(Wording.count(report.accepted)) accepted, "
        + "\(Wording.money(report.meanCost)) each; sending the rest"
    case .warmingUp(let stage, let reason): return "\(stage): \(reason)"
    case .awaitingRoom(let stage, let requests, let shortage):
      return
        "\(stage): \(Wording.count(requests, "request")) wait until \(Wording.shortage(shortage))"
    case .merged(let stage, let outcome): return "\(stage): \(merged(outcome))"
    case .warning(let stage, let words):
      return "\(Console.yellow("warning:")) \(stage.map { "\($0): " } ?? "")\(words)"
    case .alert(let alert):
      return "\(Console.yellow("look:")) \(alert.stage.map { "\($0): " } ?? "")\(alert.sentence)"
    case .retrying(let error): return "\(Console.yellow("retrying:")) \(error)"
    }
  }

  /// What a reading found; nil when nothing changed.
  private static func read(
    _ stage: String, _ tally: ReadingTally, _ counts: StageCounts, _ shards: Int,
    _ cost: MoneyRange?
  ) -> String? {
    guard tally.hasChanges else { return nil }
    var line =
      "\(stage): read \(Wording.count(counts.read, "record")): \(Wording.changes(tally))"
    if shards > 0 {
      line += "; \(Wording.count(shards, "shard")) to send"
      if let cost { line += ", about \(Wording.money(cost.likely))" }
    }
    return line
  }

  private static func judged(_ accepted: Int, _ revalidated: Int) -> String {
    var parts: [String] = []
    if accepted > 0 { parts.append("\(Wording.count(accepted, "record")) accepted") }
    if revalidated > 0 {
      parts.append("\(Wording.count(revalidated, "answer")) are what the new schema asks")
    }
    return parts.joined(separator: ", ")
  }

  private static func applied(_ outcome: ShardOutcome) -> String {
    var parts = ["\(Wording.count(outcome.accepted)) accepted"]
    if outcome.failed > 0 { parts.append("\(Wording.count(outcome.failed)) not") }
    if outcome.superseded > 0 { parts.append("\(Wording.count(outcome.superseded)) superseded") }
    if outcome.stray > 0 { parts.append("\(Wording.count(outcome.stray)) rows of nobody") }
    parts.append(Wording.money(Money(nanodollars: outcome.costNano)))
    return parts.joined(separator: ", ")
  }

  private static func merged(_ outcome: MergeOutcome) -> String {
    var parts = ["\(Wording.count(outcome.written)) written"]
    let others: [(Int, String)] = [
      (outcome.unchanged, "unchanged"), (outcome.missing, "without an answer"),
      (outcome.filtered, "filtered"), (outcome.gone, "gone"),
    ]
    parts += others.filter { $0.0 > 0 }.map { "\(Wording.count($0.0)) \($0.1)" }
    return "merged into \(outcome.target): \(parts.joined(separator: ", "))"
  }

  private func draw(_ state: inout State, force: Bool) {
    guard Console.isLive else { return }
    let now = ContinuousClock.now
    guard force || now - state.lastDraw > .milliseconds(100) else { return }
    state.lastDraw = now
    erase(&state)
    // A line that wraps would be two when it is taken away.
    let width = Console.width
    let lines = liveLines(state).map { line in width.map { Console.clipped(line, to: $0) } ?? line }
    for line in lines { Console.note(line) }
    state.drawnLines = lines.count
  }

  private func erase(_ state: inout State) {
    guard Console.isLive, state.drawnLines > 0 else { return }
    let moves = String(repeating: "\u{1B}[1A\u{1B}[2K", count: state.drawnLines)
    Console.raw(moves)
    state.drawnLines = 0
  }

  private func liveLines(_ state: State) -> [String] {
    var lines: [String] = []
    for (stage, count) in state.reading.sorted(by: { $0.key < $1.key }) {
      lines.append("  \(stage)  reading… \(Wording.count(count, "record"))")
    }
    for (stage, asked) in state.asked.sorted(by: { $0.key < $1.key }) {
      lines.append(
        "  \(stage)  asking… \(Wording.count(asked.answered)) of \(Wording.count(asked.total)) answered"
      )
    }
    for stage in state.stages { lines.append(liveLine(stage)) }
    let elapsed = (ContinuousClock.now - started).components.seconds
    if let waiting = state.waiting {
      let rest = Wording.span(waiting.until - waiting.now)
      lines.append(
        Console.dim(
          "  \(Wording.span(elapsed * 1000)) elapsed; next look at the provider in \(rest)"))
    }
    return lines
  }

  private func liveLine(_ stage: StageStanding) -> String {
    let counts = stage.counts
    var parts = [
      "\(Wording.count(counts.accepted))/\(Wording.count(counts.accepted + counts.pending)) accepted"
    ]
    if stage.batchesInFlight > 0 {
      parts.append(
        "\(Wording.count(stage.batchesInFlight, "batch", "batches")) in flight (\(Wording.count(stage.requestsInFlight)))"
      )
    }
    if stage.shardsWaiting > 0 { parts.append("\(Wording.count(stage.shardsWaiting)) waiting") }
    if counts.rejected > 0 { parts.append("\(Wording.count(counts.rejected)) rejected") }
    if stage.cost > .zero { parts.append(Wording.money(stage.cost)) }
    return "  \(Console.bold(stage.stage))  \(parts.joined(separator: " · "))"
  }
}
