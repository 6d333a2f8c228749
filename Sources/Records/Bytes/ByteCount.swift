#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// Counting one byte value in a run of bytes.
enum ByteCount {
  /// How many of `count` bytes are `byte`; fast when they are few.
  static func of(_ byte: UInt8, _ base: UnsafePointer<UInt8>, count: Int) -> Int {
    var found = 0
    var place = base
    let end = base + count
    while let next = memchr(place, Int32(byte), end - place) {
      found += 1
      place = UnsafePointer(next.assumingMemoryBound(to: UInt8.self)) + 1
    }
    return found
  }
}
