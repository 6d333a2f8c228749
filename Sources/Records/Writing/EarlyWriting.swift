internal import CWriteBack

/// Has the system begin to write a growing file to the disk, so that little is left for the sync at its end, and give
/// back the memory of what is there.
///
/// A file of gigabytes that is written once would otherwise take the memory of all that the machine has cached, and every
/// page of it would be one that was not in use before: on a virtual machine, whose host lends such pages one by one, that
/// made the writing of 600 MB six times slower. A file below `kept` stays cached, as does the end of a longer one until it
/// is synced.
///
/// It makes nothing durable, and does nothing where the system has no call for it.
public struct EarlyWriting: Sendable {
  private static let step = 8 << 20
  /// How much lies between the end of the file and what is given back: the disk is behind by so much, or less.
  private static let kept = 32 << 20
  /// How far back memory is given back again, since the disk may have been slower.
  private static let reach = 64 << 20

  private var begun = 0
  private let staysCached: Bool

  /// Begins with an empty file.
  ///
  /// - Parameter use: When it is read again; a file that is read soon stays in memory.
  public init(_ use: AtomicFile.NextUse = .later) { staysCached = use == .soon }

  /// Tells how long the file is by now.
  public mutating func reached(_ byteCount: Int, of descriptor: Int32) {
    guard byteCount - begun >= Self.step else { return }
    leaven_begin_write_back(descriptor, Int64(begun), Int64(byteCount - begun))
    begun = byteCount
    leave(before: byteCount - Self.kept, of: descriptor)
  }

  /// Tells that the file is whole and synced.
  public func ended(at byteCount: Int, of descriptor: Int32) {
    guard byteCount > Self.kept else { return }
    leave(before: byteCount, of: descriptor)
  }

  private func leave(before end: Int, of descriptor: Int32) {
    guard end > 0, !staysCached else { return }
    let start = max(0, end - Self.reach)
    leaven_leave_cache(descriptor, Int64(start), Int64(end - start))
  }
}
