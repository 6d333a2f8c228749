internal import Dispatch
internal import Synchronization

/// Settles batches ahead of time, one after the other on a queue of its own, so that no connection
/// waits for another batch's rows.
final class Settler: Sendable {
  /// A settlement under way or done, for one ending of one batch.
  private struct Work {
    let ending: BatchEnding
    let task: Task<Settlement.Outcome?, any Error>
  }

  private let work = Mutex<[String: Work]>([:])
  private let prefixes = Mutex(PrefixCache())
  private let queue = DispatchQueue(label: "leaven.sandbox.settler", qos: .utility)
  private let rules: Settlement.Rules
  private let directory: StateDirectory

  init(_ rules: Settlement.Rules, _ directory: StateDirectory) {
    self.rules = rules
    self.directory = directory
  }

  /// Begins to settle a batch for the ending that it has now; a settlement for another ending is
  /// given up.
  func begin(_ batch: BatchRecord) {
    work.withLock { work in
      if let before = work[batch.id] {
        if before.ending == batch.ending { return }
        before.task.cancel()
      }
      work[batch.id] = Work(ending: batch.ending, task: task(for: batch, batch.ending))
    }
  }

  /// The results of a batch for the ending that it has now, on disk when this returns.
  func outcome(of batch: BatchRecord) async throws -> Settlement.Outcome {
    while true {
      begin(batch)
      let task = work.withLock { $0[batch.id]?.task }
      do {
        if let outcome = try await task?.value, outcome.ending == batch.ending { return outcome }
      } catch {
        // A full disk may have room again at the next call.
        work.withLock { $0[batch.id] = nil }
        throw error
      }
      try Task.checkCancellation()
    }
  }

  /// Forgets a batch that has ended; its prefixes are known to batches from then on.
  func close(_ id: String, _ outcome: Settlement.Outcome) {
    work.withLock { $0[id] = nil }
    prefixes.withLock { $0.merge(outcome.prefixes) }
  }

  /// Gives up all that is under way and waits until it has stopped.
  func stop() async {
    let tasks = work.withLock { work in
      defer { work = [:] }
      return work.values.map(\.task)
    }
    for task in tasks {
      task.cancel()
      // What it made or why it failed interests nobody any more.
      _ = await task.result
    }
  }

  private func task(
    for batch: BatchRecord, _ ending: BatchEnding
  ) -> Task<Settlement.Outcome?, any Error> {
    Task {
      let flag = StopFlag()
      return try await withTaskCancellationHandler {
        try await withCheckedThrowingContinuation { continuation in
          queue.async { [self] in
            continuation.resume(
              with: Result {
                let known = prefixes.withLock { $0 }
                let settlement = Settlement(batch, ending, rules, directory, known)
                return try settlement.run { flag.isRaised }
              })
          }
        }
      } onCancel: {
        flag.raise()
      }
    }
  }

  /// Says from one thread to another that nobody wants the work any more.
  private final class StopFlag: Sendable {
    private let flag = Atomic(false)
    var isRaised: Bool { flag.load(ordering: .relaxed) }
    func raise() { flag.store(true, ordering: .relaxed) }
  }
}
