#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// The lock that keeps two runs of one pipeline apart: an operating-system lock on a file in the state folder, gone
/// with the process that holds it.
public struct PipelineLock: ~Copyable, Sendable {
  private let descriptor: Int32

  /// Takes the lock if it is free.
  ///
  /// - Returns: The lock, held until it is let go of; nil when another process holds it.
  /// - Throws: `LedgerError.cannotWrite` when the folder or the lock file cannot be made, or the file system has
  ///   no locks.
  public static func acquire(inFolder folder: String) throws(LedgerError) -> PipelineLock? {
    let path = folder + "/lock"
    makeFolders(folder)
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw trouble(errno, path) }
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      let code = errno
      if code == EINTR { continue }
      close(descriptor)
      if code == EWOULDBLOCK { return nil }
      throw trouble(code, path)
    }
    return PipelineLock(descriptor: descriptor)
  }

  private static func trouble(_ code: Int32, _ path: String) -> LedgerError {
    let isFull = code == ENOSPC || code == EDQUOT
    return LedgerError(
      .cannotWrite, operation: "locking the pipeline", path: path,
      sentence: String(cString: strerror(code)),
      hint: isFull
        ? "Make room on the disk, then run again."
        : "Make the state folder writable, or name another with --state.")
  }

  private init(descriptor: Int32) { self.descriptor = descriptor }

  deinit {
    close(descriptor)
  }

  /// Makes a folder and those above it, so that they outlive a loss of power; what cannot be made shows when the lock
  /// file is opened.
  private static func makeFolders(_ folder: String) {
    var path = ""
    for part in folder.split(separator: "/", omittingEmptySubsequences: false) {
      let parent = path.isEmpty ? "." : path
      path += part + "/"
      if !part.isEmpty, mkdir(path, 0o700) == 0 { sync(parent) }
    }
  }

  private static func sync(_ folder: String) {
    let descriptor = open(folder, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }
}
