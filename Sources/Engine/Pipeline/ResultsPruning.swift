internal import Ledger
public import Pipelines
internal import Records

/// Removes raw results that nothing can point at any more. Never what the ledger knows: counts, costs, and every answer
/// that a record wants, or would want if it came back.
public struct ResultsPruning: Sendable {
  /// What was, or would be, removed.
  public struct Outcome: Sendable, Equatable {
    /// Files that go.
    public var removedFiles = 0
    /// Files that are written anew without the rows that go.
    public var rewrittenFiles = 0
    /// Rows that go.
    public var rows = 0
    /// Their bytes.
    public var bytes = 0
  }

  /// Whether something is removed.
  public enum Earnest: Sendable {
    /// It is.
    case remove
    /// It is only counted; nothing is locked.
    case count
  }

  private let offline: OfflineRun

  /// Prepares; nothing is opened yet.
  public init(_ plan: PipelinePlan, _ settings: RunSettings) {
    offline = OfflineRun(plan, settings)
  }

  /// Looks through the results that were stored so long ago, counted from now or, in a sandbox whose time runs ahead,
  /// from the last ones.
  ///
  /// A kill leaves every file whole: what is kept is copied, synced and named by the ledger before the old file goes.
  ///
  /// - Parameters:
  ///   - age: Milliseconds.
  ///   - now: UTC milliseconds.
  ///   - earnest: Whether anything is removed.
  /// - Returns: What goes.
  /// - Throws: `RunError`; also when the pipeline has never run.
  public func prune(
    olderThan age: Int64, now: Int64, _ earnest: Earnest
  ) async throws(RunError) -> Outcome {
    let folder = offline.folder
    // One that has never run is told so, rather than given a ledger.
    _ = try await RunError.typed { try RunLedger.openForReading(inFolder: folder.path).path }
    if earnest == .count {
      return try await RunError.typed {
        let ledger = try RunLedger.scratch(ofFolder: folder.path)
        return Outcome(try old(in: ledger, age, now))
      }
    }
    return try await offline.locked { ledger, _ in
      let old = try old(in: ledger, age, now)
      for results in old {
        try ledger.keepRows(of: results, in: try keep(results, in: folder, ledger))
        folder.remove(folder.file(results.file))
      }
      return Outcome(old)
    }
  }

  private func old(in ledger: RunLedger, _ age: Int64, _ now: Int64) throws -> [OldResults] {
    let last = try ledger.lastResultsStored() ?? now
    return try ledger.oldResults(storedBefore: max(now, last) - age)
  }

  /// Copies the rows that are kept into a new file.
  ///
  /// - Returns: Its name; that of the old file, which is to go, when nothing is kept.
  private func keep(
    _ results: OldResults, in folder: StateFolder, _ ledger: RunLedger
  ) throws -> String {
    guard let first = results.kept.first else { return results.file }
    let stem = results.file.hasSuffix(".jsonl") ? String(results.file.dropLast(6)) : results.file
    let name = "\(stem).\(first.attempt).jsonl"
    let rows = try AnswerFiles(in: folder, ledger: ledger)
    let file = try AtomicFile(path: folder.file(name))
    var row = ByteBuffer()
    for kept in results.kept {
      try rows.read(
        kept.bytes, of: AnswerPlace(results: results.id, row: kept.bytes), into: &row)
      try file.append(row.bytes)
      try file.append(text: "\n")
    }
    try file.commit()
    return name
  }
}

extension ResultsPruning.Outcome {
  fileprivate init(_ old: [OldResults]) {
    removedFiles = old.count { $0.kept.isEmpty }
    rewrittenFiles = old.count - removedFiles
    rows = old.reduce(0) { $0 + $1.droppedRows }
    bytes = old.reduce(0) { $0 + $1.droppedBytes }
  }
}
