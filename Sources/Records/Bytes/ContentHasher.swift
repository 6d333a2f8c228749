internal import CXXHash

/// Hashes bytes that come in parts; the result is the `ContentHash` of all of them laid end to end.
struct ContentHasher: ~Copyable {
  private let stream: OpaquePointer

  /// An empty run so far.
  init() {
    guard let stream = leaven_xxh3_stream_new() else {
      preconditionFailure("there is memory for half a kilobyte")
    }
    self.stream = stream
  }

  deinit { leaven_xxh3_stream_free(stream) }

  /// Adds a part.
  mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) {
    leaven_xxh3_stream_add(stream, bytes.baseAddress, bytes.count)
  }

  /// The hash of what was added.
  var value: ContentHash {
    let hash = leaven_xxh3_stream_value(stream)
    return ContentHash(high: hash.high, low: hash.low)
  }
}
