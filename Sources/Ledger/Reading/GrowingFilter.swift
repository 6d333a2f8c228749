internal import Records

/// Remembers hashes as `IdentityFilter` does: few of them in 1 MB, more in 16 MB beside it.
///
/// Most sources are small, and a large filter is written once all over before it is read. The small one is left before it
/// mistakes more often than the large one does with half a million.
final class GrowingFilter {
  /// So many lie in the small filter.
  static let few = 30_000

  private let small = IdentityFilter(byteCount: 1 << 20)
  private var large: IdentityFilter?
  private var count = 0

  /// Adds a hash; false when it (or, rarely, others that look like it) was there.
  func insert(_ hash: ContentHash) -> Bool {
    if let large { return !small.contains(hash) && large.insert(hash) }
    guard small.insert(hash) else { return false }
    count += 1
    if count == Self.few { large = IdentityFilter(byteCount: 1 << 24) }
    return true
  }
}
