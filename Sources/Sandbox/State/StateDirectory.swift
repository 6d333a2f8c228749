#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// The files of a sandbox, and the promise that no second sandbox writes them.
///
/// - `events.jsonl`: what happened to batches and the clock, the one truth; read again at the
///   start.
/// - `journal.jsonl`: every request that was answered.
/// - `billing.jsonl`: what synchronous messages cost.
/// - `batches/<id>.requests.jsonl`, `.results.jsonl`, `.errors.jsonl`, `.billing.jsonl`: the rows
///   of each batch.
/// - `files.jsonl` and `files/<id>`: what clients sent as files, and what is known of it.
final class StateDirectory: Sendable {
  let root: String
  private let isTemporary: Bool
  private let lock: Int32

  /// Opens the directory, making it when it is not there; nil makes a temporary one.
  init(_ path: String?) throws(SandboxError) {
    isTemporary = path == nil
    if let path { root = path } else { root = try Self.makeTemporary() }
    try Self.makeDirectory(root)
    try Self.makeDirectory(root + "/batches")
    try Self.makeDirectory(root + "/files")
    lock = try Self.lock(root + "/lock")
  }

  deinit {
    close(lock)
  }

  var events: String { root + "/events.jsonl" }
  var journal: String { root + "/journal.jsonl" }
  var billing: String { root + "/billing.jsonl" }
  var fileEvents: String { root + "/files.jsonl" }

  func requests(of batch: String) -> String { "\(root)/batches/\(batch).requests.jsonl" }
  func results(of batch: String) -> String { "\(root)/batches/\(batch).results.jsonl" }
  func failures(of batch: String) -> String { "\(root)/batches/\(batch).errors.jsonl" }
  func billing(of batch: String) -> String { "\(root)/batches/\(batch).billing.jsonl" }
  func incoming(_ visit: Int) -> String { "\(root)/batches/incoming-\(visit).jsonl" }
  func upload(_ name: String) -> String { "\(root)/files/\(name)" }

  /// Whether a file can be read.
  func has(_ path: String) -> Bool { access(path, R_OK) == 0 }

  /// Removes a file; one that is not there is gone already.
  func remove(_ path: String) { unlink(path) }

  /// Gives a file its final name, replacing what is there.
  func rename(_ path: String, to final: String) throws(SandboxError) {
    if Self.move(path, final) != 0 { throw Self.failure("cannot rename", path) }
  }

  /// The bytes of a file; nil when it is not there.
  func size(of path: String) -> Int? {
    var facts = stat()
    return stat(path, &facts) == 0 ? Int(facts.st_size) : nil
  }

  /// Gives the bytes of a file a second name, which stays when the first is removed.
  func link(_ path: String, to other: String) throws(SandboxError) {
    unlink(other)
    if Self.second(path, other) != 0 { throw Self.failure("cannot link", path) }
  }

  /// Removes what a process left that ended while it wrote: request files that no event names.
  func removeIncoming() {
    for name in names(in: root + "/batches")
    where name.hasPrefix("incoming-") || name.hasSuffix(".part") {
      unlink("\(root)/batches/\(name)")
    }
  }

  /// Removes a temporary directory with all that is in it; another one stays.
  func removeIfTemporary() {
    guard isTemporary else { return }
    for folder in ["batches", "files"] {
      for name in names(in: "\(root)/\(folder)") { unlink("\(root)/\(folder)/\(name)") }
      rmdir("\(root)/\(folder)")
    }
    for name in names(in: root) { unlink("\(root)/\(name)") }
    rmdir(root)
  }

  private func names(in path: String) -> [String] {
    guard let listing = opendir(path) else { return [] }
    defer { closedir(listing) }
    var names: [String] = []
    while let entry = readdir(listing) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names
  }

  static func failure(_ verb: String, _ path: String) -> SandboxError {
    SandboxError(
      .stateUnusable, "the sandbox \(verb) \(path): \(String(cString: strerror(errno)))",
      hint: "check the directory's permissions and free space, or give another --dir")
  }

  private static func move(_ path: String, _ final: String) -> Int32 {
    #if canImport(Glibc)
      Glibc.rename(path, final)
    #else
      Darwin.rename(path, final)
    #endif
  }

  private static func second(_ path: String, _ other: String) -> Int32 {
    #if canImport(Glibc)
      Glibc.link(path, other)
    #else
      Darwin.link(path, other)
    #endif
  }

  private static func makeDirectory(_ path: String) throws(SandboxError) {
    var partial = path.hasPrefix("/") ? "" : "."
    for part in path.split(separator: "/") {
      partial += "/" + part
      if mkdir(partial, 0o700) != 0, errno != EEXIST { throw failure("cannot make", partial) }
    }
  }

  private static func makeTemporary() throws(SandboxError) -> String {
    let root = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var template = Array("\(root)/leaven-sandbox-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw failure("cannot make a directory in", root) }
    return template.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
  }

  private static func lock(_ path: String) throws(SandboxError) -> Int32 {
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    if descriptor < 0 { throw failure("cannot open", path) }
    // A process that is being started has all descriptors for a moment, this one's too.
    for _ in 0..<25 {
      if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return descriptor }
      usleep(20_000)
    }
    close(descriptor)
    throw SandboxError(
      .stateInUse, "another sandbox uses \(path)",
      hint: "stop it, or give this one its own --dir")
  }
}
