internal import Records
internal import Synchronization

/// All batches, in memory and, before that, in `events.jsonl`: an event is on disk before anybody
/// hears of it.
final class BatchBook: Sendable {
  /// What the lock guards.
  private struct Pages: ~Copyable {
    var log: LineFile
    var batches: [String: BatchRecord] = [:]
    /// Ids, oldest first, deleted ones included: a batch's place is its ordinal.
    var order: [String] = []
    /// Ids of batches that have ended, deleted ones included.
    var ended: [String] = []
    /// The latest time of any event.
    var lastMs: Int64 = 0

    mutating func apply(_ event: BatchEvent) {
      lastMs = max(lastMs, event.atMs)
      switch event {
      case .created(let batch):
        batches[batch.id] = batch
        order.append(batch.id)
      case .cancelInitiated(let id, let ms): batches[id]?.cancelInitiatedAtMs = ms
      case .ended(let id, let ms, let counts):
        batches[id]?.endedAtMs = ms
        batches[id]?.counts = counts
        ended.append(id)
      case .deleted(let id, _): batches[id] = nil
      case .clockMoved: break
      }
    }

    mutating func record(_ event: BatchEvent) throws(SandboxError) {
      try log.append(event.json)
      apply(event)
    }
  }

  private let pages: Mutex<Pages>

  /// Opens the book of a directory and reads what happened before.
  ///
  /// A torn last line never happened.
  init(_ directory: StateDirectory) throws(SandboxError) {
    var events: [BatchEvent] = []
    var end = 0
    if var lines = LineReader(directory.events) {
      while let line = lines.next() {
        end = lines.lineOffset + line.count + 1
        events.append(try Self.event(line, in: directory.events))
      }
      try LineFile.truncate(directory.events, to: end)
    }
    var pages = Pages(log: try LineFile(directory.events))
    for event in events { pages.apply(event) }
    self.pages = Mutex(pages)
  }

  private static func event(
    _ line: UnsafeBufferPointer<UInt8>, in path: String
  ) throws(SandboxError) -> BatchEvent {
    // An unreadable line is refused rather than skipped: a batch would vanish.
    if let json = try? JSONValue(parsing: Array(line)), let event = BatchEvent(json) {
      return event
    }
    throw SandboxError(
      .stateUnusable, "\(path) has a line that is no event",
      hint: "restore the file, or start with an empty --dir")
  }

  /// The latest time that anything happened at; 0 for a new sandbox.
  var lastMs: Int64 { pages.withLock { $0.lastMs } }

  /// The batches of an API that a workspace sees, newest first.
  func batches(of workspace: String, _ api: SandboxAPI) -> [BatchRecord] {
    pages.withLock { pages in
      pages.order.reversed().compactMap { pages.batches[$0] }
        .filter { $0.workspace == workspace && $0.api == api }
    }
  }

  /// Every batch that is not deleted, oldest first.
  var all: [BatchRecord] {
    pages.withLock { pages in pages.order.compactMap { pages.batches[$0] } }
  }

  /// The number of batches ever made.
  var count: Int { pages.withLock { $0.order.count } }

  /// The ids of all batches that have ended, deleted ones included.
  var endedIDs: [String] { pages.withLock { $0.ended } }

  /// A batch of an API, if the workspace sees it.
  func batch(_ id: String, in workspace: String, _ api: SandboxAPI) -> BatchRecord? {
    pages.withLock { pages in
      pages.batches[id].flatMap { $0.workspace == workspace && $0.api == api ? $0 : nil }
    }
  }

  /// Makes the next batch: `make` is told its ordinal, and whatever it has to do to the disk is
  /// done before the event is written.
  func create(
    _ make: (_ ordinal: Int) throws(SandboxError) -> BatchRecord
  ) throws(SandboxError) -> BatchRecord {
    try pages.withLock { (pages) throws(SandboxError) in
      let batch = try make(pages.order.count + 1)
      try pages.record(.created(batch))
      return batch
    }
  }

  /// Begins to cancel a batch that has not ended; a second time changes nothing.
  ///
  /// Returns the batch as it is then.
  func cancel(_ id: String, atMs ms: Int64) throws(SandboxError) -> BatchRecord? {
    try pages.withLock { (pages) throws(SandboxError) in
      guard let batch = pages.batches[id] else { return nil }
      if batch.endedAtMs == nil, batch.cancelInitiated(byMs: ms) == nil {
        try pages.record(.cancelInitiated(id: id, atMs: ms))
      }
      return pages.batches[id]
    }
  }

  /// Ends a batch whose results are on disk; a second time changes nothing.
  ///
  /// Returns the batch as it is then.
  func end(_ id: String, atMs ms: Int64, counts: RowCounts) throws(SandboxError) -> BatchRecord? {
    try pages.withLock { (pages) throws(SandboxError) in
      guard let batch = pages.batches[id] else { return nil }
      if batch.endedAtMs == nil { try pages.record(.ended(id: id, atMs: ms, counts: counts)) }
      return pages.batches[id]
    }
  }

  /// Deletes a batch.
  func delete(_ id: String, atMs ms: Int64) throws(SandboxError) {
    try pages.withLock { (pages) throws(SandboxError) in
      if pages.batches[id] != nil { try pages.record(.deleted(id: id, atMs: ms)) }
    }
  }

  /// Keeps a virtual clock's time.
  func keepTime(_ ms: Int64) throws(SandboxError) {
    try pages.withLock { (pages) throws(SandboxError) in
      if ms > pages.lastMs { try pages.record(.clockMoved(toMs: ms)) }
    }
  }
}
