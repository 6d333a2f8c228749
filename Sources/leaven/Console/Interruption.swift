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
    return await withTaskGroup(of: Result<Value, any Error>?.self) { group in
      group.addTask {
        do { return .success(try await work()) } catch { return .failure(error) }
      }
      group.addTask {
        for await _ in signals { return nil }
        return nil
      }
      var outcome: Result<Value, any Error> = .failure(CancellationError())
      for await result in group {
        group.cancelAll()
        if let result { outcome = result }
      }
      return outcome
    }
  }
}
