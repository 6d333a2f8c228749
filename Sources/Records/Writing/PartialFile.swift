#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// The file beside a target in which an `AtomicFile` is written.
///
/// Its writer holds a lock on it, so that one left behind by a killed process is known as such and removed by the
/// next writer of the same target.
struct PartialFile {
  private static let ending = ".partial"
  /// How long a file without a lock is left alone, in seconds: its writer may be about to lock it.
  private static let graceSeconds = 60

  let path: String
  let descriptor: Int32
  private let folder: String

  /// Creates the file with the target's permissions, or the usual ones when there is no target yet.
  init(for target: String, reportedAs reported: String) throws(WriteError) {
    let (folder, name) = Self.split(target)
    self.folder = folder
    let stem = ".\(name)."
    Self.removeStale(in: folder, stem: stem)
    let unique = String(UInt64.random(in: .min ... .max), radix: 36)
    path = "\(folder)/\(stem)\(unique)\(Self.ending)"
    descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else {
      throw WriteError(path: reported, doing: "cannot be written", errno: errno)
    }
    flock(descriptor, LOCK_EX | LOCK_NB)
    var status = stat()
    if stat(target, &status) == 0 { fchmod(descriptor, status.st_mode & 0o777) }
  }

  /// Makes the rename durable.
  func syncFolder(reportedAs reported: String) throws(WriteError) {
    let handle = open(folder, O_RDONLY | O_CLOEXEC)
    guard handle >= 0 else { return }
    defer { close(handle) }
    // Some file systems cannot sync a folder; there the rename is as durable as they make it.
    if fsync(handle) != 0, errno != EINVAL, errno != EBADF {
      throw WriteError(path: reported, doing: "its folder cannot be synced", errno: errno)
    }
  }

  /// A path with its symbolic links resolved; itself when there is no such file.
  static func resolved(_ path: String) -> String {
    guard let real = realpath(path, nil) else { return path }
    defer { free(real) }
    return String(cString: real)
  }

  /// What is under a path (`S_IFREG` and so on); nil when there is nothing.
  static func kind(_ path: String) -> mode_t? {
    var status = stat()
    return stat(path, &status) == 0 ? status.st_mode & S_IFMT : nil
  }

  private static func split(_ path: String) -> (folder: String, name: String) {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return (".", path) }
    let folder = path[..<slash]
    return (folder.isEmpty ? "/" : String(folder), String(path[path.index(after: slash)...]))
  }

  /// Removes what killed writers of the same target left behind.
  private static func removeStale(in folder: String, stem: String) {
    guard let listing = opendir(folder) else { return }
    defer { closedir(listing) }
    while let entry = readdir(listing) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      guard name.hasPrefix(stem), name.hasSuffix(ending) else { continue }
      removeIfAbandoned("\(folder)/\(name)")
    }
  }

  private static func removeIfAbandoned(_ path: String) {
    let handle = open(path, O_RDONLY | O_CLOEXEC)
    guard handle >= 0 else { return }
    defer { close(handle) }
    var status = stat()
    guard fstat(handle, &status) == 0 else { return }
    let age = time(nil) - SystemCall.modificationTime(status).tv_sec
    guard age > graceSeconds else { return }
    if flock(handle, LOCK_EX | LOCK_NB) == 0 { unlink(path) }
  }
}
