internal import Ledger
internal import Pipelines
internal import Providers
internal import Records
internal import Templates

/// The answers of a stage by key, put on disk before the first is looked for: what a merge reads of stages that its own
/// does not build on.
final class StageAnswers {
  /// What a stage has for a key.
  enum Found {
    case answer(JSONView)
    /// It has the record, and no answer to it.
    case missing
    /// It does not have the record.
    case none
  }

  /// The stage.
  let name: String
  private let feed: UpstreamAnswers
  private let lens: RecordLens
  private let index: RowIndex
  private var key = ByteBuffer()
  private var text = ByteBuffer()
  private var tape = JSONTape()
  private var isRead = false

  init(
    _ stage: StagePlan, of plan: PipelinePlan, in folder: StateFolder, ledger: RunLedger,
    catalog: Catalogs
  ) throws {
    name = stage.name
    lens = RecordLens(stage)
    index = try RowIndex(inFolder: folder.path)
    feed = try UpstreamAnswers(
      stage, of: plan,
      RecordFeed(stage, of: plan, in: folder, ledger: ledger, catalog: catalog),
      onRejected: .fail, in: folder, ledger: ledger, catalog: catalog)
  }

  /// What the stage has for a key; valid until the next call.
  ///
  /// - Throws: `SourceError`, `LedgerError`, `RunError`, `WriteError`.
  func find(_ key: UnsafeBufferPointer<UInt8>) throws -> Found {
    if !isRead { try read() }
    guard let found = try index.find(key) else { return .none }
    guard found.text.count > 0 else { return .missing }
    do {
      return .answer(try tape.parse(found.text))
    } catch {
      preconditionFailure("an index gives back what it was given: \(error)")
    }
  }

  private func read() throws {
    isRead = true
    while let fed = try feed.next() {
      // Nothing is known of a record that a stage below has no answer to.
      guard let known = fed.key else { continue }
      key.removeAll()
      key.append(known)
      text.removeAll()
      if case .taken = fed.standing, let output = feed.scope[.output] {
        output.appendJSON(to: &text)
      }
      _ = try index.put(text.bytes, under: key.bytes, line: fed.record.line)
    }
  }
}
