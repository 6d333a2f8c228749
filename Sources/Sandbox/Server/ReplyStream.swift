internal import FlyingSocks
#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif
internal import Records

/// A body that is read from a file while it is sent, and that may end badly on purpose.
struct ReplyStream: AsyncBufferedSequence {
  typealias Element = UInt8

  /// How the stream differs from its file.
  struct Course: Sendable {
    var manglings: Set<Mangling> = []
    var api = SandboxAPI.anthropic
    /// Reset the connection after so many bytes.
    var resetAfter: Int?
    /// End the stream after so many bytes.
    var cutAfter: Int?
    var bytesPerSecond: Int?
    var chunkBytes: Int?
    var connection: ConnectionSocket?

    /// Whether nothing is wrong with it.
    var isPlain: Bool {
      resetAfter == nil && cutAfter == nil && bytesPerSecond == nil && chunkBytes == nil
    }
  }

  /// The connection was reset on purpose.
  struct WasReset: Error {}

  enum Source: Sendable {
    case file(String)
    case bytes([UInt8])
  }

  let source: Source
  let course: Course

  func makeAsyncIterator() -> Iterator { Iterator(self) }

  struct Iterator: AsyncBufferedIteratorProtocol {
    private var chunks: ChunkSource
    private let course: Course
    private var sent = 0

    init(_ stream: ReplyStream) {
      chunks = ChunkSource(stream.source, stream.course.manglings, stream.course.api)
      course = stream.course
    }

    mutating func next() async throws -> UInt8? {
      preconditionFailure("chunks are read, not bytes")
    }

    mutating func nextBuffer(suggested count: Int) async throws -> [UInt8]? {
      var room = count
      if let limit = course.resetAfter {
        if sent >= limit { throw await reset() }
        room = Swift.min(room, limit - sent)
      }
      if let limit = course.cutAfter { room = Swift.min(room, limit - sent) }
      if let most = course.chunkBytes { room = Swift.min(room, most) }
      if let speed = course.bytesPerSecond {
        room = Swift.min(room, Swift.max(1, speed / 10))
        try await Task.sleep(for: .milliseconds(1000 * room / speed))
      }
      guard room > 0, let chunk = try chunks.next(room) else {
        if course.resetAfter != nil { throw await reset() }
        return nil
      }
      sent += chunk.count
      return chunk
    }

    private func reset() async -> WasReset {
      course.connection?.reset()
      return WasReset()
    }
  }
}
