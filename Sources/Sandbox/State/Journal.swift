internal import Records
internal import Synchronization

/// What was asked and what was answered, a line for each request; counts of calls survive a restart
/// with it.
final class Journal: Sendable {
  private struct Pages: ~Copyable {
    var file: LineFile
    var count = 0
    var calls: [Route.Name: Int] = [:]
    /// Times of the calls of the last minute, oldest first.
    var recentMs: [Int64] = []
    var lastMs: Int64 = 0
  }

  private let pages: Mutex<Pages>

  init(_ directory: StateDirectory) throws(SandboxError) {
    var pages = Pages(file: try LineFile(directory.journal))
    if var lines = LineReader(directory.journal) {
      var end = 0
      while let line = lines.next() {
        end = lines.lineOffset + line.count + 1
        // A line that cannot be read is a line that cannot be counted.
        guard let json = try? JSONValue(parsing: Array(line)) else { continue }
        pages.count = max(pages.count, json["number"]?.int ?? 0)
        pages.lastMs = max(pages.lastMs, Int64(json["at_ms"]?.int ?? 0))
        guard let name = json["route"]?.string.flatMap(Route.Name.init) else { continue }
        pages.calls[name, default: 0] += 1
      }
      try LineFile.truncate(directory.journal, to: end)
    }
    self.pages = Mutex(pages)
  }

  /// The latest time of a request.
  var lastMs: Int64 { pages.withLock { $0.lastMs } }

  /// Counts a request in.
  ///
  /// Returns its number over all and over those of its route, and how many came in the minute that
  /// ends with it.
  func open(_ name: Route.Name, atMs ms: Int64) -> (number: Int, call: Int, inLastMinute: Int) {
    pages.withLock { pages in
      pages.count += 1
      pages.calls[name, default: 0] += 1
      pages.recentMs.append(ms)
      if let first = pages.recentMs.firstIndex(where: { $0 > ms - 60_000 }), first > 0 {
        pages.recentMs.removeFirst(first)
      }
      return (pages.count, pages.calls[name, default: 0], pages.recentMs.count)
    }
  }

  /// Writes a request down, before its answer leaves.
  func close(_ entry: JSONValue) throws(SandboxError) {
    try pages.withLock { (pages) throws(SandboxError) in try pages.file.append(entry) }
  }
}
