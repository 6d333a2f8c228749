#if canImport(Glibc)
  public import Glibc
#else
  public import Darwin
#endif

/// A growable run of bytes that is written at its end and reused from record to record.
///
/// It is not copyable: the storage has one owner, and passing it `inout` costs no reference counting.
public struct ByteBuffer: ~Copyable {
  /// The first byte.
  ///
  /// Moves when the buffer grows.
  public private(set) var start: UnsafeMutablePointer<UInt8>
  /// The number of bytes written.
  public private(set) var count: Int
  /// The number of bytes that fit before the storage grows.
  public private(set) var capacity: Int

  /// Creates an empty buffer with room for `capacity` bytes (at least 16).
  public init(capacity: Int = 256) {
    self.capacity = max(capacity, 16)
    start = .allocate(capacity: self.capacity)
    count = 0
  }

  deinit {
    start.deallocate()
  }

  /// The bytes written so far; valid until the next write.
  @inlinable public var bytes: UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(start: start, count: count)
  }

  /// The bytes written so far as text; ill-formed UTF-8 is replaced by U+FFFD.
  public var text: String { String(decoding: bytes, as: UTF8.self) }

  /// Forgets the bytes after the first `newCount`; the storage stays.
  @inlinable public mutating func truncate(to newCount: Int) {
    precondition(newCount >= 0 && newCount <= count, "a buffer is truncated to what it holds")
    setCount(newCount)
  }

  /// Forgets all bytes; the storage stays.
  @inlinable public mutating func removeAll() { setCount(0) }

  /// Gives back the storage above `limit` bytes after a record of unusual size.
  public mutating func shrink(to limit: Int) {
    guard capacity > limit, count <= limit else { return }
    reallocate(limit)
  }

  /// Makes sure that `extra` more bytes fit, and returns where they go.
  ///
  /// What is written there counts after `advance(by:)`.
  @inlinable public mutating func reserve(_ extra: Int) -> UnsafeMutablePointer<UInt8> {
    if capacity - count < extra { grow(by: extra) }
    return start + count
  }

  /// Counts `written` bytes that were put where `reserve` said.
  @inlinable public mutating func advance(by written: Int) { setCount(count + written) }

  /// Appends one byte.
  @inlinable public mutating func append(_ byte: UInt8) {
    reserve(1).pointee = byte
    setCount(count + 1)
  }

  /// Appends bytes.
  @inlinable public mutating func append(_ source: UnsafeBufferPointer<UInt8>) {
    guard let base = source.baseAddress, source.count > 0 else { return }
    memcpy(reserve(source.count), base, source.count)
    setCount(count + source.count)
  }

  /// Appends `length` bytes from `source`.
  @inlinable public mutating func append(_ source: UnsafePointer<UInt8>, count length: Int) {
    append(UnsafeBufferPointer(start: source, count: length))
  }

  /// Appends bytes.
  @inlinable public mutating func append(contentsOf source: [UInt8]) {
    source.withUnsafeBufferPointer { append($0) }
  }

  /// Appends the UTF-8 of a literal.
  @inlinable public mutating func append(_ literal: StaticString) {
    append(literal.utf8Start, count: literal.utf8CodeUnitCount)
  }

  /// Appends the UTF-8 of a string.
  public mutating func append(text: String) {
    var text = text
    text.withUTF8 { append($0) }
  }

  /// Appends the decimal digits of an integer.
  public mutating func append(decimal value: Int) {
    append(text: String(value))
  }

  @usableFromInline mutating func setCount(_ newCount: Int) { count = newCount }

  @usableFromInline mutating func grow(by extra: Int) {
    reallocate(max(capacity * 2, count + extra))
  }

  private mutating func reallocate(_ newCapacity: Int) {
    let moved = UnsafeMutablePointer<UInt8>.allocate(capacity: newCapacity)
    moved.update(from: start, count: count)
    start.deallocate()
    start = moved
    capacity = newCapacity
  }
}
