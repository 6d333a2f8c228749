internal import Records
internal import Synchronization

/// Everything behind the HTTP server: the clock, the batches, the journal, and what they follow
/// from.
///
/// Calls come from many connections at once; each part guards itself, and none waits for the disk
/// longer than one line takes.
final class SandboxWorld: Sendable {
  let configuration: SandboxConfiguration
  let directory: StateDirectory
  let clock: SandboxClock
  let book: BatchBook
  let files: FileBook
  let journal: Journal
  let uploads = GeminiUploads()
  let settler: Settler
  let answers: Answerer.Rules
  /// Prefixes that synchronous messages wrote to the cache.
  let prefixes = Mutex(PrefixCache())
  /// What synchronous messages cost.
  let messageBills: Mutex<LineFile>

  /// Opens the state and goes on where it was: batches under way are settled again.
  init(_ configuration: SandboxConfiguration) throws(SandboxError) {
    self.configuration = configuration
    directory = try StateDirectory(configuration.directory)
    directory.removeIncoming()
    book = try BatchBook(directory)
    files = try FileBook(directory)
    journal = try Journal(directory)
    messageBills = Mutex(try LineFile(directory.billing))
    let lastMs = max(book.lastMs, files.lastMs, journal.lastMs)
    let startMs = configuration.startsAtMs ?? configuration.wallClock()
    clock = SandboxClock(
      configuration.clock, startMs: lastMs > 0 ? lastMs : startMs, wall: configuration.wallClock)
    answers = Answerer.Rules(
      seed: configuration.seed, rowFaults: configuration.faults.rows, script: configuration.answers,
      checks: try Self.checks(configuration.requestSchemas))
    settler = Settler(
      Settlement.Rules(answers: answers, switches: configuration.faults.switches), directory)
    for batch in book.all where batch.endedAtMs == nil { settler.begin(batch) }
  }

  private static func checks(
    _ schemas: [SandboxAPI: JSONValue]
  ) throws(SandboxError) -> [SandboxAPI: RequestCheck] {
    var checks: [SandboxAPI: RequestCheck] = [:]
    for (api, schema) in schemas { checks[api] = try RequestCheck(schema) }
    return checks
  }

  /// Ends what is under way; a temporary directory is removed.
  func close() async {
    await settler.stop()
    directory.removeIfTemporary()
  }

  /// A batch as it is now.
  ///
  /// One whose time has come is settled and ended before this returns.
  func current(_ batch: BatchRecord) async throws -> BatchRecord {
    guard batch.endedAtMs == nil, batch.ending.atMs <= clock.nowMs else { return batch }
    let outcome = try await settler.outcome(of: batch)
    try keepResultFiles(of: batch, outcome)
    let ended = try book.end(batch.id, atMs: outcome.ending.atMs, counts: outcome.counts)
    settler.close(batch.id, outcome)
    return ended ?? batch
  }

  /// Ends every batch whose time has come.
  func settleDue() async throws {
    for batch in book.all { _ = try await current(batch) }
  }
}
