import Engine
import Synchronization

/// Keeps what runs tell, in order.
final class EventLog: Sendable {
  private let state = Mutex<[String]>([])

  /// What was told.
  var words: [String] { state.withLock { $0 } }

  /// Takes note of an event.
  func note(_ event: RunEvent) {
    switch event {
    case .submitted: note("submitted")
    case .asking(_, _, let requests, let reason):
      note("asking \(requests)\(reason.map { ": \($0)" } ?? "")")
    case .batched(_, let reason): note("batched: \(reason)")
    case .adopted: note("adopted")
    case .lookedUp: note("looked up")
    case .retrying: note("retrying")
    case .repacked: note("asked again")
    case .repaired(_, let answers): note("repaired \(answers)")
    case .split(_, _, let requests, let waiting): note("split \(requests) + \(waiting)")
    case .canaryPassed(_, let report): note("canary \(report.accepted) of \(report.judged)")
    case .awaitingRoom(_, _, let shortage): note("awaiting \(shortage)")
    case .warning(_, let words): note("warning: \(words)")
    default: break
    }
  }

  /// Takes note of anything.
  func note(_ words: String) { state.withLock { $0.append(words) } }
}
