internal import Pipelines
internal import Records
internal import Templates

/// The records of a source.
final class SourceRecords: FeedStep {
  let source: any RecordSource
  private(set) var scope: TemplateScope
  private let vars: JSONHolder

  /// The highest value of the watched field so far.
  private(set) var highest: JSONValue?
  private let watched: SincePlan?
  private let bound: LowerBound?

  /// Reads a source.
  ///
  /// - Parameters:
  ///   - source: The source.
  ///   - vars: What `vars` is.
  ///   - watched: The field whose highest value is wanted.
  ///   - bound: Records below it are left out.
  init(
    _ source: any RecordSource, vars: JSONValue, watching watched: SincePlan? = nil,
    from bound: LowerBound? = nil
  ) {
    self.source = source
    self.watched = watched
    self.bound = bound
    self.vars = JSONHolder(vars)
    scope = TemplateScope(
      record: self.vars.view,
      roots: [JSONView?](repeating: nil, count: ScopeRoot.allCases.count))
    scope[.vars] = self.vars.view
  }

  func next() throws -> FedRecord? {
    while let record = try source.next() {
      if bound?.excludes(record.root) == true { continue }
      if let watched { note(record.root[watched.field]) }
      scope.record = record.root
      return FedRecord(record: record, key: nil, standing: .taken)
    }
    return nil
  }

  private func note(_ value: JSONView?) {
    guard let value, value.kind == .number || value.kind == .string else { return }
    if let highest, let order = LowerBound.order(value, highest), order <= 0 { return }
    highest = JSONValue(value)
  }
}

extension TemplateScope {
  /// The value of a root.
  subscript(root: ScopeRoot) -> JSONView? {
    get { roots[root.rawValue] }
    set { roots[root.rawValue] = newValue }
  }
}
