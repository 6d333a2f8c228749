#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// Looks for bytes in bytes.
enum ByteSearch {
  /// The offset of the first occurrence at or after `start`; nil when there is none.
  ///
  /// An empty needle is nowhere.
  static func first(
    _ needle: [UInt8], in text: UnsafeBufferPointer<UInt8>, from start: Int = 0
  ) -> Int? {
    guard let base = text.baseAddress, let first = needle.first else { return nil }
    var position = start
    while position + needle.count <= text.count {
      let room = text.count - needle.count - position + 1
      guard let found = memchr(base + position, Int32(first), room) else { return nil }
      position = UnsafeRawPointer(found) - UnsafeRawPointer(base)
      if memcmp(base + position, needle, needle.count) == 0 { return position }
      position += 1
    }
    return nil
  }
}
