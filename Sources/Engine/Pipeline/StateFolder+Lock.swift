internal import Ledger

extension StateFolder {
  /// Takes the pipeline's lock, waiting up to 30 s for another process to let go of it.
  ///
  /// - Throws: `LedgerError.locked` when it does not.
  func lock() async throws -> PipelineLock {
    if let lock = try await lock(waiting: .seconds(30)) { return lock }
    throw LedgerError(
      .locked, operation: "waiting for the pipeline", path: path,
      sentence: "another process works on this pipeline", hint: "try again when it has ended")
  }

  /// Takes the pipeline's lock; nil when another process keeps it for longer than `time`.
  func lock(waiting time: Duration) async throws -> PipelineLock? {
    let pause = Duration.milliseconds(50)
    for _ in 0..<Int(time / pause) {
      if let lock = try PipelineLock.acquire(inFolder: path) { return lock }
      try await Task.sleep(for: pause)
    }
    return nil
  }
}
