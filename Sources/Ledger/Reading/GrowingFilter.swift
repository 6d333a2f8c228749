internal import Records

/// Remembers hashes as `IdentityFilter` does: few of them in 1 MB, more in 16 MB.
///
/// Most sources are small, and a large filter is written once all over before it is read. The small one is left before it
/// mistakes more often than the large one does with half a million.
final class GrowingFilter {
  /// So many lie in the small filter.
  static let few = 30_000

  private var filter = IdentityFilter(byteCount: 1 << 20)
  /// What was put into the small filter; empty beside the large one.
  private var known: [ContentHash] = []
  private var isLarge = false

  /// Adds a hash; false when it (or, rarely, others that look like it) was there.
  func insert(_ hash: ContentHash) -> Bool {
    let isNew = filter.insert(hash)
    guard !isLarge else { return isNew }
    // Also one that the small filter takes for known: the large one tells it apart.
    known.append(hash)
    if known.count == Self.few { grow() }
    return isNew
  }

  private func grow() {
    filter = IdentityFilter(byteCount: 1 << 24)
    isLarge = true
    for hash in known { _ = filter.insert(hash) }
    known = []
  }
}
