internal import Ledger
internal import Pipelines
internal import Providers
internal import Records
internal import Templates

/// The records that a stage works on, one after the other: its source's, or those of the stage it reads, with
/// that stage's answer in scope.
///
/// A borrowed look: a record and its scope are valid until the next `next()`.
final class RecordFeed {
  /// One record.
  struct Fed {
    let record: Record
    /// The key that the record has in the stage it comes from; nil at a source.
    let inheritedKey: UnsafeBufferPointer<UInt8>?
    /// Why the stage cannot work on it: its upstream record has no accepted answer.
    let isSkipped: Bool
  }

  private enum Origin {
    case source(any RecordSource)
    case upstream(UpstreamAnswers)
  }

  /// What templates and expressions see of the last record.
  private(set) var scope: TemplateScope
  private let origin: Origin
  private let vars: JSONHolder

  /// Opens the feed of a stage, and of the stages below it.
  ///
  /// - Throws: `SourceError`, `LedgerError`.
  init(
    _ stage: StagePlan, of plan: PipelinePlan, in folder: StateFolder, ledger: RunLedger?,
    catalog: Catalog
  ) throws {
    vars = JSONHolder(plan.vars)
    if let name = stage.source.upstream, let upstream = plan.stage(name) {
      guard let ledger else { preconditionFailure("a stage's answers are read from a ledger") }
      let feed = try RecordFeed(upstream, of: plan, in: folder, ledger: ledger, catalog: catalog)
      origin = .upstream(
        try UpstreamAnswers(upstream, feed, in: folder, ledger: ledger, catalog: catalog))
    } else {
      let spool = PlannedFile(path: folder.standardInput, shownPath: "standard input")
      origin = .source(try stage.source.open(spooled: spool))
    }
    scope = TemplateScope(record: vars.view)
  }

  /// The columns of the source that are known beforehand; nil for JSONL.
  var fields: [String]? {
    switch origin {
    case .source(let source): source.fields
    case .upstream(let answers): answers.feed.fields
    }
  }

  /// How a CSV source is written.
  var dialect: CSVDialect? {
    switch origin {
    case .source(let source): (source as? CSVSource)?.dialect
    case .upstream(let answers): answers.feed.dialect
    }
  }

  /// The next record, nil after the last.
  ///
  /// - Throws: `SourceError`, `LedgerError`, `RunError`.
  func next() throws -> Fed? {
    switch origin {
    case .source(let source):
      guard let record = try source.next() else { return nil }
      scope = TemplateScope(record: record.root, roots: roots(output: nil, stages: nil))
      return Fed(record: record, inheritedKey: nil, isSkipped: false)
    case .upstream(let answers):
      guard let fed = try answers.next() else { return nil }
      scope = TemplateScope(
        record: fed.record.root, roots: roots(output: answers.output, stages: answers.stages))
      return fed
    }
  }

  /// What the last record's ancestors answered, as the root `stages`: an object.
  var stages: JSONView? {
    if case .upstream(let answers) = origin { answers.stages } else { nil }
  }

  private func roots(output: JSONView?, stages: JSONView?) -> [JSONView?] {
    ScopeRoot.allCases.map { root in
      switch root {
      case .output: output
      case .stages: stages
      case .vars: vars.view
      case .item, .index, .items: nil
      }
    }
  }
}

/// A value on a tape of its own.
final class JSONHolder {
  private var tape = JSONTape()

  init(_ value: JSONValue) {
    tape.beginBuilding()
    tape.build(value)
  }

  /// The value; valid as long as its holder.
  var view: JSONView { tape.built }
}

extension JSONTape {
  /// Builds an owned value.
  mutating func build(_ value: JSONValue) {
    switch value {
    case .null: buildNull()
    case .bool(let value): buildBool(value)
    case .number(var digits): digits.withUTF8 { buildNumber($0) }
    case .string(var text): text.withUTF8 { buildString($0) }
    case .array(let elements):
      beginArray()
      for element in elements { build(element) }
      end()
    case .object(let members):
      beginObject()
      for member in members {
        buildKey(member.key)
        build(member.value)
      }
      end()
    }
  }
}
