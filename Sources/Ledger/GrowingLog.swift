#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif
internal import Records

/// The write-ahead log while a long transaction grows it: the system begins to write it to the disk early, so that the
/// commit has little left to wait for.
///
/// It makes nothing durable, and what it cannot do is left to the commit. The log itself is never locked, so that another
/// descriptor of it takes nothing away from SQLite.
final class GrowingLog {
  private let descriptor: Int32
  private var early = EarlyWriting(.soon)

  /// Looks at the log of a ledger.
  init(ofLedger path: String) {
    descriptor = open(path + "-wal", O_RDONLY | O_CLOEXEC)
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }

  /// Has what came since the last call written, once it is enough.
  func advance() {
    var status = stat()
    guard descriptor >= 0, fstat(descriptor, &status) == 0 else { return }
    early.reached(Int(status.st_size), of: descriptor)
  }
}
