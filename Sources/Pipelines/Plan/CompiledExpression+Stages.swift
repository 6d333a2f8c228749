public import Templates

extension CompiledExpression {
  /// The stages whose answers it reads by name, as `stages.<name>.output`.
  public var stagesRead: [String] {
    reads.paths.filter { $0.root == ScopeRoot.stages.name }.compactMap(\.members.first)
  }

  /// Whether it reads the answer of the stage that it is written for.
  public var readsOutput: Bool { reads.paths.contains { $0.root == ScopeRoot.output.name } }
}
