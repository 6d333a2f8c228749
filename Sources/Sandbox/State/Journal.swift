internal import Records
internal import Synchronization

/// What was asked and what was answered, a line for each request; counts of calls survive a restart
/// with it.
final class Journal: Sendable {
  private struct Pages: ~Copyable {
    var file: LineFile
    var count = 0
    var calls: [Route.Operation: Int] = [:]
    var recent: [SandboxAPI: Minute] = [:]
    var lastMs: Int64 = 0
  }

  /// The calls of the last minute, counted by second.
  private struct Minute {
    private var counts: [(second: Int64, count: Int)] = []

    /// Counts a call in and says how many there were in the minute that ends with it.
    mutating func add(atMs ms: Int64) -> Int {
      let second = ms / 1000
      counts.removeAll { $0.second <= second - 60 }
      if counts.last?.second == second {
        counts[counts.count - 1].count += 1
      } else {
        counts.append((second, 1))
      }
      return counts.reduce(0) { $0 + $1.count }
    }
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
        let api = json["api"]?.string.flatMap(SandboxAPI.init(rawValue:)) ?? .anthropic
        pages.calls[Route.Operation(api: api, name: name), default: 0] += 1
      }
      try LineFile.truncate(directory.journal, to: end)
    }
    self.pages = Mutex(pages)
  }

  /// The latest time of a request.
  var lastMs: Int64 { pages.withLock { $0.lastMs } }

  /// Counts a request in.
  ///
  /// Returns its number over all and over those of its operation, and how many its provider got in
  /// the minute that ends with it.
  func open(_ operation: Route.Operation, atMs ms: Int64)
    -> (number: Int, call: Int, inLastMinute: Int)
  {
    pages.withLock { pages in
      pages.count += 1
      pages.calls[operation, default: 0] += 1
      let inLastMinute = pages.recent[operation.api, default: Minute()].add(atMs: ms)
      return (pages.count, pages.calls[operation, default: 0], inLastMinute)
    }
  }

  /// Writes a request down, before its answer leaves.
  func close(_ entry: JSONValue) throws(SandboxError) {
    try pages.withLock { (pages) throws(SandboxError) in try pages.file.append(entry) }
  }
}
