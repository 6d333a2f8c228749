/// What is read of the elements of lists: in loops, and by filters that name an attribute.
extension TemplateCompiler {
  /// Filters and slices that leave elements what they are.
  private static let selections: Set<String> = [
    "sort", "reverse", "list", "unique", "select", "reject", "selectattr", "rejectattr",
  ]
  /// Filters whose `attribute` belongs to the elements, and how they take it.
  private static let attributeFilters: [String: AttributeArgument] = [
    "map": .named, "sum": .either, "join": .named, "sort": .named, "unique": .named,
    "min": .named, "max": .named, "groupby": .either, "selectattr": .first, "rejectattr": .first,
  ]

  private enum AttributeArgument { case first, named, either }

  /// Compiles the body of a loop, with its target standing for the elements of the list.
  func withElements<Result>(
    of loop: LoopSyntax, _ body: () throws(TemplateError) -> Result
  ) throws(TemplateError) -> Result {
    guard case .name(let name) = loop.target.kind, let list = listPath(of: loop.iterable),
      let variable = scope.find(name)?.variable, !assigns(name, loop.body)
    else { return try body() }
    let before = elements[variable]
    elements[variable] = list + [FieldReads.element]
    defer { elements[variable] = before }
    return try body()
  }

  /// Notes the attribute that a filter takes of the elements of its operand.
  func noteAttribute(_ name: String, _ operand: ExpressionSyntax?, _ arguments: ArgumentsSyntax) {
    guard let argument = Self.attributeFilters[name], let operand,
      let list = listPath(of: operand), let root = list.first
    else { return }
    let named = arguments.named.first { $0.name == "attribute" }?.value
    let written = argument == .named ? named : named ?? arguments.positional.first
    guard let written, case .constant(.text(let attribute)) = written.kind else { return }
    let members = attribute.string.split(separator: ".", omittingEmptySubsequences: false)
      .map { Int($0) == nil ? String($0) : FieldReads.element }
    let isOptional =
      argument == .first || isGuarded || arguments.named.contains { $0.name == "default" }
    noteRead(
      root, members: Array(list.dropFirst()) + [FieldReads.element] + members,
      isOptional: isOptional, at: written.offset)
  }

  /// The path from a root to what an expression of names and members means, which may be a loop's target; nil for
  /// another expression, and for what belongs to the record.
  func rootPath(of path: [String]) -> [String]? {
    guard let name = path.first else { return nil }
    guard let found = scope.find(name), !found.scope.isOnlyLookedUp(found.variable, name) else {
      return environment.roots.contains { Text($0) == Text(name) } ? path : nil
    }
    return elements[found.variable].map { $0 + path.dropFirst() }
  }

  /// The path of the list whose elements an expression goes through.
  private func listPath(of expression: ExpressionSyntax) -> [String]? {
    switch expression.kind {
    case .filter(let operand?, let name, _) where Self.selections.contains(name):
      return listPath(of: operand)
    case .item(let owner, let index):
      if case .slice = index.kind { return listPath(of: owner) }
    default: break
    }
    return Self.path(of: expression).flatMap { rootPath(of: $0) }
  }

  private func assigns(_ name: String, _ body: [StatementSyntax]) -> Bool {
    var isAssigned = false
    StatementSyntax.forEachTarget(in: body) { target in
      target.forEachName { if $0.utf8.elementsEqual(name.utf8) { isAssigned = true } }
    }
    return isAssigned
  }
}
