/// The body of a request: bytes, or a source of bytes whose number is known beforehand.
public enum HTTPBody: Sendable {
  /// No body.
  case empty
  /// Bytes in memory.
  case bytes([UInt8])
  /// Bytes that are made while they are sent, `byteCount` in all; `open` is called once a transfer.
  case stream(byteCount: Int, open: @Sendable () throws -> any HTTPBodySource)

  /// The number of bytes sent as `Content-Length`.
  public var byteCount: Int {
    switch self {
    case .empty: 0
    case .bytes(let bytes): bytes.count
    case .stream(let byteCount, _): byteCount
    }
  }

  func opened() throws -> (any HTTPBodySource)? {
    switch self {
    case .empty: nil
    case .bytes(let bytes): HTTPBytes(bytes)
    case .stream(_, let open): try open()
    }
  }
}

/// Gives a request's body piece by piece.
///
/// Used by one thread.
public protocol HTTPBodySource: AnyObject {
  /// Writes the next bytes and returns how many; 0 at the end.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int
}

/// A body in memory.
final class HTTPBytes: HTTPBodySource {
  private let bytes: [UInt8]
  private var position = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    let length = min(buffer.count, bytes.count - position)
    bytes.withUnsafeBytes { source in
      buffer.copyMemory(
        from: UnsafeRawBufferPointer(rebasing: source[position..<position + length]))
    }
    position += length
    return length
  }
}
