internal import CXXHash

/// A 128-bit hash of bytes: XXH3-128 (xxHash 0.8 and later), which is fast and stable but not
/// cryptographic.
public struct ContentHash: Hashable, Sendable, Comparable {
  /// The upper 64 bits.
  public let high: UInt64
  /// The lower 64 bits.
  public let low: UInt64

  /// Creates a hash from its two halves.
  public init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// Hashes bytes; an empty run has a hash, too.
  public init(of bytes: UnsafeBufferPointer<UInt8>, seed: UInt64 = 0) {
    let hash = leaven_xxh3_128(bytes.baseAddress, bytes.count, seed)
    self.init(high: hash.high, low: hash.low)
  }

  /// Hashes the UTF-8 of a string.
  public init(of text: String, seed: UInt64 = 0) {
    var text = text
    self = text.withUTF8 { ContentHash(of: $0, seed: seed) }
  }

  /// The sixteen bytes, upper half first, each half big-endian: the order of the bytes is the order of
  /// the numbers.
  public var bytes: [UInt8] {
    withUnsafeBytes(of: high.bigEndian, Array.init) + withUnsafeBytes(of: low.bigEndian, Array.init)
  }

  /// Reads the form that `bytes` writes; nil unless there are sixteen.
  public init?(bytes: UnsafeRawBufferPointer) {
    guard bytes.count == 16 else { return nil }
    self.init(
      high: UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)),
      low: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)))
  }

  /// Thirty-two lower-case hexadecimal digits.
  public var hexadecimal: String {
    func digits(_ half: UInt64) -> String {
      let text = String(half, radix: 16)
      return String(repeating: "0", count: 16 - text.count) + text
    }
    return digits(high) + digits(low)
  }

  /// Orders by the upper, then the lower half.
  public static func < (left: ContentHash, right: ContentHash) -> Bool {
    (left.high, left.low) < (right.high, right.low)
  }

  /// The 64-bit XXH3 hash of bytes, for change detection within one ledger.
  public static func short(of bytes: UnsafeBufferPointer<UInt8>, seed: UInt64 = 0) -> UInt64 {
    leaven_xxh3_64(bytes.baseAddress, bytes.count, seed)
  }
}
