#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// A file that appears whole or not at all.
///
/// It is written beside its target under another name; `commit` syncs it, renames it over the target and syncs the
/// folder. Until then, and when it is abandoned or let go of, the target is what it was. A target that is a
/// symbolic link stays one; a device or pipe (`/dev/stdout`) is written to directly.
public final class AtomicFile {
  /// When a file is read again that is written now.
  public enum NextUse: Sendable {
    /// Nobody knows: the memory that caches a long one is given back.
    case later
    /// By one of the next commands: it stays cached, if there is room.
    case soon
  }

  private static let bufferSize = 1 << 20

  /// The file that will be written.
  public let path: String
  /// How many bytes were appended.
  public private(set) var byteCount = 0

  /// Where the rename goes: the path, symbolic links resolved.
  private let target: String
  /// Where the bytes go meanwhile; nil when they go to the target itself.
  private let partial: PartialFile?
  private var descriptor: Int32
  private var buffer = ByteBuffer(capacity: AtomicFile.bufferSize)
  private var early: EarlyWriting

  /// Opens the file beside its target.
  ///
  /// - Parameters:
  ///   - path: Where it will be.
  ///   - use: When it is read again.
  /// - Throws: `WriteError` when the folder is missing or does not let us write.
  public init(path: String, _ use: NextUse = .later) throws(WriteError) {
    self.path = path
    early = EarlyWriting(use)
    target = PartialFile.resolved(path)
    if PartialFile.kind(target) == S_IFDIR {
      throw WriteError(.unwritable, path: path, "is a folder", errno: EISDIR)
    }
    if let kind = PartialFile.kind(target), kind != S_IFREG {
      partial = nil
      descriptor = open(target, O_WRONLY | O_CLOEXEC)
      guard descriptor >= 0 else {
        throw WriteError(path: path, doing: "cannot be opened", errno: errno)
      }
    } else {
      let partial = try PartialFile(for: target, reportedAs: path)
      self.partial = partial
      descriptor = partial.descriptor
    }
  }

  deinit { abandon() }

  /// Appends bytes.
  ///
  /// - Throws: `WriteError` when the system refuses; the file is abandoned then.
  @inline(__always)
  public func append(_ bytes: UnsafeBufferPointer<UInt8>) throws(WriteError) {
    buffer.append(bytes)
    byteCount += bytes.count
    if buffer.count >= Self.bufferSize { try flush() }
  }

  /// Appends the UTF-8 of a string.
  ///
  /// - Throws: `WriteError` when the system refuses; the file is abandoned then.
  public func append(text: String) throws(WriteError) {
    let before = buffer.count
    buffer.append(text: text)
    byteCount += buffer.count - before
    if buffer.count >= Self.bufferSize { try flush() }
  }

  /// Lets `body` append to the file's own buffer: the way without a copy for a writer of many small pieces.
  ///
  /// - Throws: `WriteError` when the system refuses; the file is abandoned then.
  @inline(__always)
  public func write(_ body: (inout ByteBuffer) -> Void) throws(WriteError) {
    let before = buffer.count
    body(&buffer)
    byteCount += buffer.count - before
    if buffer.count >= Self.bufferSize { try flush() }
  }

  /// Makes the file durable and gives it its name.
  ///
  /// When it returns, the target has the new bytes, also after a loss of power; when it throws, it
  /// has the old ones.
  ///
  /// - Throws: `WriteError` when the system refuses; the file is abandoned then.
  public func commit() throws(WriteError) {
    try flush()
    buffer.shrink(to: 16)
    guard let partial else { return closeDescriptor() }
    guard fsync(descriptor) == 0 else { throw failure("cannot be synced") }
    early.ended(at: byteCount, of: descriptor)
    guard rename(partial.path, target) == 0 else { throw failure("cannot be renamed") }
    closeDescriptor()
    try partial.syncFolder(reportedAs: path)
  }

  /// Removes what was written.
  ///
  /// Does nothing after `commit` or a second time.
  public func abandon() {
    guard descriptor >= 0 else { return }
    if let partial { unlink(partial.path) }
    closeDescriptor()
  }

  private func closeDescriptor() {
    close(descriptor)
    descriptor = -1
  }

  private func flush() throws(WriteError) {
    precondition(descriptor >= 0, "a file is not written to after it was committed or abandoned")
    var written = 0
    while written < buffer.count {
      let length = SystemCall.write(descriptor, buffer.start + written, buffer.count - written)
      guard length > 0 else { throw failure("cannot be written") }
      written += length
    }
    buffer.removeAll()
    buffer.shrink(to: Self.bufferSize * 2)
    if partial != nil { early.reached(byteCount, of: descriptor) }
  }

  private func failure(_ what: String) -> WriteError {
    let number = errno
    abandon()
    return WriteError(path: path, doing: what, errno: number)
  }
}
