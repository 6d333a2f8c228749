internal import FlyingFox
internal import Foundation
internal import Records

/// A request's body while it arrives.
struct RequestBody {
  /// Bytes seen so far.
  private(set) var byteCount = 0
  /// Used by the task that answers the request and by no other; its `next` runs on the global
  /// executor, which the compiler takes for another task.
  nonisolated(unsafe) private var pieces: HTTPBodySequence.AsyncIterator
  private var isAtEnd = false

  init(_ request: HTTPRequest) { pieces = request.bodySequence.makeAsyncIterator() }

  /// The next piece; nil at the end.
  mutating func next() async throws -> Data? {
    guard !isAtEnd, let piece = try await pieces.next() else {
      isAtEnd = true
      return nil
    }
    byteCount += piece.count
    return piece
  }

  /// Reads what is left and forgets it: the next request of the connection begins after it.
  mutating func drain() async throws {
    while try await next() != nil {}
  }

  /// The whole body; nil (and drained) when it is longer than `limit`.
  mutating func collect(limit: Int) async throws -> [UInt8]? {
    var bytes: [UInt8] = []
    while let piece = try await next() {
      if byteCount <= limit { bytes.append(contentsOf: piece) }
    }
    return byteCount <= limit ? bytes : nil
  }
}
