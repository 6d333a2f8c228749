#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif
internal import Records

/// Notices a key that a reading meets twice among those the ledger did not know, in bounded memory.
///
/// Keys that rise (shorter before longer, then by bytes: how numbered keys rise, padded or not) cost nothing.
/// Once one does not rise, all go into a filter, whose rare mistakes the table corrects.
struct NewKeys: ~Copyable {
  private var greatest = ByteBuffer(capacity: 64)
  private var isEmpty = true
  private var filter: GrowingFilter?

  /// Meets a key.
  ///
  /// - Parameters:
  ///   - key: The key.
  ///   - earlier: Called once, when keys stop rising: hands over all keys met before.
  /// - Returns: Whether it may have been met before; the table decides.
  mutating func mayHaveMet(
    _ key: UnsafeBufferPointer<UInt8>,
    earlier: (_ each: (UnsafeBufferPointer<UInt8>) -> Void) throws -> Void
  ) rethrows -> Bool {
    if let filter { return !filter.insert(ContentHash(of: key)) }
    if isEmpty || isGreatest(key) {
      isEmpty = false
      greatest.removeAll()
      greatest.append(key)
      return false
    }
    let filter = GrowingFilter()
    try earlier { _ = filter.insert(ContentHash(of: $0)) }
    self.filter = filter
    return !filter.insert(ContentHash(of: key))
  }

  private func isGreatest(_ key: UnsafeBufferPointer<UInt8>) -> Bool {
    guard key.count == greatest.count, let base = key.baseAddress else {
      return key.count > greatest.count
    }
    return memcmp(base, greatest.start, key.count) > 0
  }
}
