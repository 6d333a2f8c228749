/// Filters and tests: found, and their arguments checked, before anything runs.
extension TemplateCompiler {
  /// Compiles a filter; without operand, that of a filter block.
  func filter(
    _ operand: ExpressionSyntax?, _ name: String, _ arguments: ArgumentsSyntax, at offset: Int
  ) throws(TemplateError) -> Expression {
    var value: Expression?
    if let operand {
      value =
        name == "default" || name == "d"
        ? try guarding { () throws(TemplateError) in try expression(operand) }
        : try expression(operand)
    }
    noteAttribute(name, operand, arguments)
    let list = try self.arguments(arguments)
    guard let filter = Filter.named[name] else {
      return try unknown("filter", name, Filter.named.keys, UnsupportedFeatures.filters, at: offset)
    }
    try check(arguments, against: filter.parameters, of: "the filter '\(name)'", at: offset)
    try checkNamedFilter(name, arguments)
    return .filter(filter, value, list, mark(offset))
  }

  /// Compiles a test.
  func test(
    _ operand: ExpressionSyntax, _ name: String, _ arguments: ArgumentsSyntax, at offset: Int
  ) throws(TemplateError) -> Expression {
    let value =
      name == "defined" || name == "undefined"
      ? try guarding { () throws(TemplateError) in try expression(operand) }
      : try expression(operand)
    let list = try self.arguments(arguments)
    guard let test = Test.named[name] else {
      return try unknown("test", name, Test.named.keys, [:], at: offset)
    }
    try check(arguments, against: test.parameters, of: "the test '\(name)'", at: offset)
    return .test(test, value, list, mark(offset))
  }

  private func unknown(
    _ kind: String, _ name: String, _ known: some Sequence<String>, _ refused: [String: String],
    at offset: Int
  ) throws(TemplateError) -> Expression {
    if let reason = refused[name] {
      throw source.error("unsupported-feature", at: offset, reason)
    }
    let sentence = "there is no \(kind) '\(name)'"
    if environment.toleratesUnknownFiltersInBranches, branchCount > 0 {
      return .failure(sentence, mark(offset))
    }
    throw source.error(
      "unknown-\(kind)", at: offset, sentence, hint: NearName.hint(for: name, among: known))
  }

  private func check(
    _ arguments: ArgumentsSyntax, against parameters: Parameters, of what: String, at offset: Int
  ) throws(TemplateError) {
    guard arguments.spread == nil, arguments.namedSpread == nil else { return }
    let problem = parameters.problem(
      positionalCount: arguments.positional.count, names: arguments.named.map(\.name))
    if let problem {
      throw source.error(
        "filter-arguments", at: offset, "\(what) \(problem)", hint: parameters.usage)
    }
  }

  /// Checks the filter or test that a filter like `map` or `select` is given by name.
  private func checkNamedFilter(
    _ name: String, _ arguments: ArgumentsSyntax
  ) throws(TemplateError) {
    let position = name == "selectattr" || name == "rejectattr" ? 1 : 0
    guard ["map", "select", "reject", "selectattr", "rejectattr"].contains(name),
      arguments.positional.count > position
    else { return }
    let given = arguments.positional[position]
    guard case .constant(.text(let text)) = given.kind else { return }
    let inner = text.string
    if name == "map", Filter.named[inner] == nil {
      _ = try unknown(
        "filter", inner, Filter.named.keys, UnsupportedFeatures.filters, at: given.offset)
    } else if name != "map", Test.named[inner] == nil {
      _ = try unknown("test", inner, Test.named.keys, [:], at: given.offset)
    }
  }
}
