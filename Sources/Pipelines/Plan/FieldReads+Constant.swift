public import Templates

extension FieldReads {
  /// Whether a template is the same for every record: it reads nothing, or variables only.
  public var isConstant: Bool {
    fields.isEmpty && !usesWholeRecord && paths.allSatisfy { $0.root == ScopeRoot.vars.name }
  }
}
