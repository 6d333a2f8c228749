#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif
internal import Records

/// Some items of a stage in the order in which they were stored, with their keys.
final class WalkPage<Entry> {
  /// An item that was found.
  struct Found {
    let id: Int64
    let entry: Entry
  }

  private var keys = ByteBuffer(capacity: 1 << 13)
  private var ends: [Int] = []
  private(set) var found: [Found] = []

  /// Forgets the items; the room stays.
  func removeAll() {
    keys.removeAll()
    ends.removeAll(keepingCapacity: true)
    found.removeAll(keepingCapacity: true)
  }

  /// Adds an item.
  func append(_ id: Int64, key: UnsafeBufferPointer<UInt8>, _ entry: Entry) {
    keys.append(key)
    ends.append(keys.count)
    found.append(Found(id: id, entry: entry))
  }

  /// Whether an item has this key.
  func hasKey(_ key: UnsafeBufferPointer<UInt8>, at position: Int) -> Bool {
    let start = position == 0 ? 0 : ends[position - 1]
    guard ends[position] - start == key.count, let base = key.baseAddress else { return false }
    return memcmp(keys.start + start, base, key.count) == 0
  }
}
