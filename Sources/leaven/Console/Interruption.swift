internal import Dispatch
internal import Foundation

/// SIGINT and SIGTERM end the work at its next safe point; a second one ends the program at once, which is safe, too.
enum Interruption {
  /// Does work that a signal cancels.
  static func guarding<Value: Sendable>(
    _ work: @escaping @Sendable () async throws -> Value
  ) async -> Result<Value, any Error> {
    let (signals, continuation) = AsyncStream.makeStream(of: Void.self)
    let sources = [SIGINT, SIGTERM].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number)
      source.setEventHandler {
        signal(number, SIG_DFL)
        continuation.yield()
      }
      source.resume()
      return source
    }
    defer { for source in sources { source.cancel() } }
    return await withTaskGroup(of: Ending<Value>.self) { group in
      group.addTask {
        do { return .work(.success(try await work())) } catch { return .work(.failure(error)) }
      }
      group.addTask {
        for await _ in signals { return .signal }
        return .silence
      }
      var outcome: Result<Value, any Error> = .failure(CancellationError())
      var isInterrupted = false
      for await ending in group {
        group.cancelAll()
        switch ending {
        case .work(let result): outcome = result
        case .signal: isInterrupted = true
        case .silence: break
        }
      }
      // What breaks off because of the signal (a call half-way, say) is the interruption, not a failure of its own.
      if isInterrupted, case .failure = outcome { return .failure(CancellationError()) }
      return outcome
    }
  }

  /// What came first: the end of the work, a signal, or neither because the other had come.
  private enum Ending<Value: Sendable>: Sendable {
    case work(Result<Value, any Error>)
    case signal
    case silence
  }
}
