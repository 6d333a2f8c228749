internal import CWriteBack

/// Has the system begin to write a growing file to the disk, so that little is left for the sync at its end.
///
/// It makes nothing durable, and does nothing where the system has no call for it.
public struct EarlyWriting: Sendable {
  private static let step = 8 << 20

  private var begun = 0

  /// Begins with an empty file.
  public init() {}

  /// Tells how long the file is by now.
  public mutating func reached(_ byteCount: Int, of descriptor: Int32) {
    guard byteCount - begun >= Self.step else { return }
    leaven_begin_write_back(descriptor, Int64(begun), Int64(byteCount - begun))
    begun = byteCount
  }
}
