#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif
internal import Records

/// Remembers hashes in a fixed amount of memory: never forgets one, and rarely takes a new one for known.
///
/// A split block Bloom filter: a hash sets one bit in each of the eight words of one 64-byte block. With 16 MB, one new
/// hash in 10^12 is taken for known among half a million, one in 10^7 among two million, and one in 10^5 among
/// five million.
final class IdentityFilter {
  /// The bytes of a block: a line of the processor's cache.
  private static let blockSize = 64
  /// What Linux calls huge on most processors. Blocks are hit at random: with small pages, most hits miss the table of
  /// pages, too.
  private static let hugePage = 2 << 20

  private let memory: UnsafeMutableRawPointer
  /// Begins with a block.
  private let words: UnsafeMutablePointer<UInt64>
  private let blockMask: UInt64

  /// Creates an empty filter of so many bytes, a power of two from 64.
  init(byteCount: Int) {
    precondition(
      byteCount >= 64 && byteCount & (byteCount - 1) == 0, "a filter's size is a power of two")
    var memory: UnsafeMutableRawPointer?
    let alignment = max(Self.blockSize, min(byteCount, Self.hugePage))
    guard posix_memalign(&memory, alignment, byteCount) == 0,
      let memory
    else { preconditionFailure("there is no memory left") }
    Self.adviseHugePages(memory, byteCount)
    // Written before it is read: a page that is read first is mapped to the system's page of zeros, and its first write
    // then stops every other processor for a moment.
    memset(memory, 0, byteCount)
    self.memory = memory
    words = memory.bindMemory(to: UInt64.self, capacity: byteCount / 8)
    blockMask = UInt64(byteCount / 64 - 1)
  }

  deinit {
    free(memory)
  }

  private static func adviseHugePages(_ memory: UnsafeMutableRawPointer, _ byteCount: Int) {
    #if canImport(Glibc)
      // Where it is refused, pages are small.
      madvise(memory, byteCount, MADV_HUGEPAGE)
    #endif
  }

  /// Whether a hash (or, rarely, others that look like it) is there.
  func contains(_ hash: ContentHash) -> Bool {
    let block = words + 8 * Int(hash.high & blockMask)
    var bits = hash.low
    for word in 0..<8 {
      let bit: UInt64 = 1 << (bits & 63)
      if block[word] & bit == 0 { return false }
      bits >>= 6
    }
    return true
  }

  /// Adds a hash; false when it (or, rarely, others that look like it) was there.
  func insert(_ hash: ContentHash) -> Bool {
    let block = words + 8 * Int(hash.high & blockMask)
    var isNew = false
    var bits = hash.low
    for word in 0..<8 {
      let bit: UInt64 = 1 << (bits & 63)
      isNew = isNew || block[word] & bit == 0
      block[word] |= bit
      bits >>= 6
    }
    return isNew
  }
}
