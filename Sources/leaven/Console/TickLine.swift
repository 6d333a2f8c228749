internal import Engine
internal import Ledger
internal import Providers
internal import Synchronization

/// What a run that does not wait has changed, as one line for a cron job's log.
final class TickLine: Sendable {
  private struct Tally {
    var changes: [(what: String, count: Int)] = []
    var cost: Int64 = 0

    mutating func add(_ count: Int, _ what: String) {
      guard count > 0 else { return }
      if let place = changes.firstIndex(where: { $0.what == what }) {
        changes[place].count += count
      } else {
        changes.append((what, count))
      }
    }
  }

  private let tally = Mutex(Tally())

  /// Takes note of an event; true when the event is told by the line, and needs none of its own.
  func takes(_ event: RunEvent) -> Bool {
    tally.withLock { Self.note(event, &$0) }
  }

  private static func note(_ event: RunEvent, _ tally: inout Tally) -> Bool {
    switch event {
    case .read(_, let changes, _, _, _):
      tally.add(changes.toSend, "to send")
      tally.add(changes.removed, "removed")
    case .judgedAgain(_, let accepted, _): tally.add(accepted, "accepted again")
    case .submitted(_, _, _, let requests): tally.add(requests, "submitted")
    case .asking(_, _, let requests, _): tally.add(requests, "asked")
    case .adopted: tally.add(1, "adopted")
    case .applied(_, _, let outcome):
      tally.add(outcome.accepted, "accepted")
      tally.add(outcome.failed, "failed")
      tally.cost += outcome.costNano
    case .repacked(_, let requests, _): tally.add(requests, "asked again")
    case .repaired(_, let answers): tally.add(answers, "repaired")
    case .merged(_, let outcome): tally.add(outcome.written, "merged")
    case .split, .collected, .reading, .standing, .waiting, .lookedUp, .awaitingRoom,
      .canaryPassed, .warmingUp, .asked, .batched:
      break
    case .warning, .alert, .retrying: return false
    }
    return true
  }

  /// The line; nil when nothing changed.
  func text(_ pipeline: String, _ ending: PipelineRun.Ending) -> String? {
    let (changes, cost) = tally.withLock { ($0.changes, $0.cost) }
    guard !changes.isEmpty else { return nil }
    var parts = changes.map { "\(Wording.count($0.count)) \($0.what)" }
    if cost > 0 { parts.append(Wording.money(Money(nanodollars: cost))) }
    let pending = ending.stages.reduce(0) { $0 + $1.counts.pending }
    let state = pending > 0 ? "\(Wording.count(pending)) pending" : "complete"
    return "\(pipeline): \(parts.joined(separator: ", ")); \(state)"
  }
}
