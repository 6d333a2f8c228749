/// Batches on their way from one task to another, in order.
///
/// It has no limit of its own: there are only so many batches, and each goes round. What goes wrong in the task that
/// puts comes out behind the batches before it, so it never hides what they lead to.
struct Conveyor<Batch: Sendable>: Sendable {
  private let stream: AsyncThrowingStream<Batch, any Error>
  private let entrance: AsyncThrowingStream<Batch, any Error>.Continuation

  /// Creates a conveyor with some batches on it.
  init(_ batches: [Batch] = []) {
    (stream, entrance) = AsyncThrowingStream.makeStream()
    for batch in batches { put(batch) }
  }

  /// Puts a batch behind the others; never waits.
  func put(_ batch: Batch) { entrance.yield(batch) }

  /// Puts the end behind the others.
  func end(_ error: (any Error)? = nil) { entrance.finish(throwing: error) }

  /// Takes the next batch, waiting for it; nil at the end. One task takes.
  ///
  /// - Throws: `CancellationError`, and the error that `end` was given.
  func take() async throws -> Batch? {
    var exit = stream.makeAsyncIterator()
    if let batch = try await exit.next() { return batch }
    try Task.checkCancellation()
    return nil
  }
}
