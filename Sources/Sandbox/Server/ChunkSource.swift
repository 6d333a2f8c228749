#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif
internal import Records

/// Where the bytes of a stream come from: a file read piece by piece, a file whose lines are
/// changed, or memory.
final class ChunkSource {
  private enum State {
    case file(Int32)
    case lines(MangledLines)
    case bytes([UInt8], Int)
  }

  private var state: State

  init(_ source: ReplyStream.Source, _ manglings: Set<Mangling>, _ api: SandboxAPI) {
    switch source {
    case .bytes(let bytes): state = .bytes(bytes, 0)
    case .file(let path) where manglings.isEmpty: state = .file(open(path, O_RDONLY | O_CLOEXEC))
    case .file(let path): state = .lines(MangledLines(path, manglings, api))
    }
  }

  deinit {
    if case .file(let descriptor) = state { close(descriptor) }
  }

  /// The next bytes, at most `limit`; nil at the end.
  func next(_ limit: Int) throws(SandboxError) -> [UInt8]? {
    switch state {
    case .bytes(let bytes, let start):
      guard start < bytes.count else { return nil }
      let end = min(bytes.count, start + limit)
      state = .bytes(bytes, end)
      return Array(bytes[start..<end])
    case .lines(let lines): return lines.next(limit)
    case .file(let descriptor):
      let bytes = [UInt8](unsafeUninitializedCapacity: limit) { room, count in
        count = max(0, read(descriptor, room.baseAddress, limit))
      }
      return bytes.isEmpty ? nil : bytes
    }
  }
}
