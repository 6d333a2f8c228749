internal import Records
internal import Synchronization

/// All files, in memory and, before that, in `files.jsonl`.
final class FileBook: Sendable {
  private struct Pages: ~Copyable {
    var log: LineFile
    var files: [String: StoredFile] = [:]
    /// Ids, oldest first, deleted ones included.
    var order: [String] = []
    /// Ids that were deleted; one of them does not come back.
    var deleted: Set<String> = []
    var lastMs: Int64 = 0

    mutating func apply(_ json: JSONValue) -> Bool {
      lastMs = max(lastMs, Int64(json["at_ms"]?.int ?? 0))
      switch json["event"]?.string {
      case "stored":
        guard let file = StoredFile(json) else { return false }
        files[file.id] = file
        order.append(file.id)
      case "deleted":
        let id = json["id"]?.string ?? ""
        files[id] = nil
        deleted.insert(id)
      default: return false
      }
      return true
    }
  }

  private let pages: Mutex<Pages>

  /// Opens the book of a directory; a torn last line never happened.
  init(_ directory: StateDirectory) throws(SandboxError) {
    var pages = Pages(log: try LineFile(directory.fileEvents))
    if var lines = LineReader(directory.fileEvents) {
      var end = 0
      while let line = lines.next() {
        end = lines.lineOffset + line.count + 1
        // An unreadable line is refused rather than skipped: a file would vanish.
        guard let json = try? JSONValue(parsing: Array(line)), pages.apply(json) else {
          throw SandboxError(
            .stateUnusable, "\(directory.fileEvents) has a line that says nothing of a file",
            hint: "restore the file, or start with an empty --dir")
        }
      }
      try LineFile.truncate(directory.fileEvents, to: end)
    }
    self.pages = Mutex(pages)
  }

  /// The latest time that anything happened at; 0 for a new sandbox.
  var lastMs: Int64 { pages.withLock { $0.lastMs } }

  /// Makes the next file: `make` is told its ordinal, and whatever it has to do to the disk is done
  /// before the book says so.
  func store(
    _ make: (_ ordinal: Int) throws(SandboxError) -> StoredFile
  ) throws(SandboxError) -> StoredFile {
    try pages.withLock { (pages) throws(SandboxError) in
      let file = try make(pages.order.count + 1)
      try pages.log.append(file.json)
      _ = pages.apply(file.json)
      return file
    }
  }

  /// Keeps a file that follows from something else; a second time changes nothing.
  func keep(_ file: StoredFile) throws(SandboxError) {
    try pages.withLock { (pages) throws(SandboxError) in
      guard pages.files[file.id] == nil, !pages.deleted.contains(file.id) else { return }
      try pages.log.append(file.json)
      _ = pages.apply(file.json)
    }
  }

  /// A file of an API that the workspace sees and that has not expired.
  func file(_ id: String, for call: Call) -> StoredFile? {
    pages.withLock { pages in
      pages.files[id].flatMap { Self.isSeen($0, by: call) ? $0 : nil }
    }
  }

  /// The files that a call sees, newest first.
  func files(for call: Call) -> [StoredFile] {
    pages.withLock { pages in
      pages.order.reversed().compactMap { pages.files[$0] }.filter { Self.isSeen($0, by: call) }
    }
  }

  /// Deletes a file.
  func delete(_ id: String, atMs ms: Int64) throws(SandboxError) {
    try pages.withLock { (pages) throws(SandboxError) in
      guard pages.files[id] != nil else { return }
      let event: JSONValue = .object([
        "event": .string("deleted"), "at_ms": .number(ms), "id": .string(id),
      ])
      try pages.log.append(event)
      _ = pages.apply(event)
    }
  }

  private static func isSeen(_ file: StoredFile, by call: Call) -> Bool {
    file.api == call.api && file.workspace == call.workspace && call.nowMs < file.expiresAtMs
  }
}
