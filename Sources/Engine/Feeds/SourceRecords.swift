internal import Pipelines
internal import Records
internal import Templates

/// The records of a source.
final class SourceRecords: FeedStep {
  let source: any RecordSource
  private(set) var scope: TemplateScope
  private let vars: JSONHolder

  init(_ source: any RecordSource, vars: JSONValue) {
    self.source = source
    self.vars = JSONHolder(vars)
    scope = TemplateScope(
      record: self.vars.view,
      roots: [JSONView?](repeating: nil, count: ScopeRoot.allCases.count))
    scope[.vars] = self.vars.view
  }

  func next() throws -> FedRecord? {
    guard let record = try source.next() else { return nil }
    scope.record = record.root
    return FedRecord(record: record, key: nil, standing: .taken)
  }
}

extension TemplateScope {
  /// The value of a root.
  subscript(root: ScopeRoot) -> JSONView? {
    get { roots[root.rawValue] }
    set { roots[root.rawValue] = newValue }
  }
}
