internal import Providers

/// Makes the calls of a request file and takes what comes back, until all is done or no more can be.
struct CallDrive {
  let calls: ConcurrentCalls
  let clock: RunClock

  /// How it ended.
  struct Ending {
    /// What the calls say of it.
    var calls: ConcurrentCalls.Ending
    /// Why lines could not be taken any more.
    var trouble: (any Error)?
  }

  /// Takes lines until the end. When the task is canceled, or lines cannot be taken any more, no more calls begin, and those
  /// under way are awaited: they are paid for.
  ///
  /// - Parameter take: Takes whole lines; they count when it returns.
  /// - Returns: How it ended.
  func run(_ take: ([UInt8]) throws -> Void) async -> Ending {
    await withTaskCancellationHandler {
      var trouble: (any Error)?
      while true {
        switch await calls.next() {
        case .rows(let rows):
          if trouble == nil {
            do { try take(rows) } catch {
              trouble = error
              calls.stop()
            }
          }
          calls.settled(byteCount: rows.count)
        case .idle(let duration):
          await pass(duration)
        case .end(let ending):
          clock.hear(ending.sandboxNow)
          return Ending(calls: ending, trouble: trouble)
        }
      }
    } onCancel: {
      calls.stop()
    }
  }

  /// Lets a sandbox's time pass.
  private func pass(_ duration: Duration) async {
    do {
      try await clock.sleep(until: clock.now.advanced(by: duration))
      calls.skip(duration)
    } catch {
      // Canceled, or the sandbox is gone: either way no more calls are made, and what waits is asked by the next run.
      calls.stop()
    }
  }
}
