/// Statements.
extension TemplateCompiler {
  /// Compiles statements of the present scope.
  func operations(_ statements: [StatementSyntax]) throws(TemplateError) -> [Operation] {
    var compiled: [Operation] = []
    for statement in statements { compiled.append(try operation(statement)) }
    return compiled
  }

  private func operation(_ statement: StatementSyntax) throws(TemplateError) -> Operation {
    let mark = mark(statement.offset)
    switch statement.kind {
    case .text(let text): return literal(text)
    case .output(let value): return try output(value)
    case .evaluate(let value): return .evaluate(try expression(value))
    case .assign(let target, let value):
      let compiled = try expression(value)
      return .assign(try self.target(target), compiled, mark)
    case .assignBlock(let target, let filter, let body):
      return try capture(target, filter, body, mark)
    case .loop(let syntax): return .loop(try loop(syntax, mark))
    case .condition(let branches, let otherwise): return try condition(branches, otherwise)
    case .with(let values, let body): return try with(values, body, mark)
    case .macro(let macro):
      return .macro(try self.macro(macro), slot: assignedSlot(macro.name ?? ""))
    case .callBlock(let body, let call): return try callBlock(body, call, mark)
    case .filterBlock(let filter, let body): return try filterBlock(filter, body, mark)
    case .include(let inclusion):
      return .include(try self.inclusion(inclusion, mayIgnore: true, at: statement.offset))
    case .import(let inclusion, let target):
      let file = try self.inclusion(inclusion, mayIgnore: false, at: statement.offset)
      return .import(file, slot: assignedSlot(target))
    case .fromImport(let inclusion, let names):
      let file = try self.inclusion(inclusion, mayIgnore: false, at: statement.offset)
      return .fromImport(file, names: names.map { (Text($0.name), assignedSlot($0.alias)) })
    case .leaveLoop, .nextIteration: return try jump(statement)
    }
  }

  private func jump(_ statement: StatementSyntax) throws(TemplateError) -> Operation {
    let isLeaving = if case .leaveLoop = statement.kind { true } else { false }
    guard loopCount > 0 else {
      let name = isLeaving ? "break" : "continue"
      throw source.error(
        "template-syntax", at: statement.offset, "'\(name)' stands outside of a loop")
    }
    return isLeaving ? .leaveLoop : .nextIteration
  }

  private func output(_ value: ExpressionSyntax) throws(TemplateError) -> Operation {
    let compiled = try expression(value)
    switch compiled {
    case .external(let index, let mark): return .external(index, mark)
    case .constant(.text(let text)): return literal(text.bytes)
    default: return .output(compiled, mark(value.offset))
    }
  }

  func target(_ syntax: TargetSyntax) throws(TemplateError) -> Operation.Target {
    switch syntax.kind {
    case .name(let name): return .slot(assignedSlot(name))
    case .member(let owner, let member):
      return .member(try name(owner, at: syntax.offset), Text(member))
    case .tuple(let targets):
      var compiled: [Operation.Target] = []
      for target in targets { compiled.append(try self.target(target)) }
      return .tuple(compiled)
    }
  }

  /// Compiles something in a scope inside the present one.
  private func inside<Result>(
    _ inner: NameScope, _ body: () throws(TemplateError) -> Result
  ) throws(TemplateError) -> Result {
    let saved = (scope, branchCount)
    (scope, branchCount) = (inner, 0)
    defer { (scope, branchCount) = saved }
    return try body()
  }

  /// Compiles something whose text is collected, in a scope inside the present one.
  private func capturing<Result>(
    _ inner: NameScope, _ body: () throws(TemplateError) -> Result
  ) throws(TemplateError) -> Result {
    captureCount += 1
    defer { captureCount -= 1 }
    return try inside(inner, body)
  }

  private func inner() -> NameScope { NameScope(parent: scope, function: scope.function) }

  private func capture(
    _ target: TargetSyntax, _ filter: ExpressionSyntax?, _ body: [StatementSyntax], _ mark: Mark
  ) throws(TemplateError) -> Operation {
    let block = inner()
    block.note(body)
    if let filter { block.note(filter) }
    let compiled = try capturing(block) { () throws(TemplateError) in try operations(body) }
    let filterExpression = try inside(block) { () throws(TemplateError) -> Expression? in
      guard let filter else { return nil }
      return try expression(filter)
    }
    return .capture(
      Operation.Capture(
        entry: entry(of: block), body: compiled, filter: filterExpression,
        target: try self.target(target), mark: mark))
  }

  private func condition(
    _ branches: [(test: ExpressionSyntax, body: [StatementSyntax])],
    _ otherwise: [StatementSyntax]
  ) throws(TemplateError) -> Operation {
    branchCount += 1
    let before = guarded.count
    defer {
      branchCount -= 1
      guarded.removeLast(guarded.count - before)
    }
    var compiled: [Operation.Branch] = []
    for branch in branches {
      let test = try expression(branch.test)
      let body = try with(defined: Self.defined(when: branch.test, is: true)) {
        () throws(TemplateError) in try operations(branch.body)
      }
      compiled.append(
        Operation.Branch(test: test, mark: mark(branch.test.offset), body: body))
      guarded += Self.defined(when: branch.test, is: false)
    }
    return .condition(compiled, otherwise: try operations(otherwise))
  }

  private func with(
    _ values: [(target: TargetSyntax, value: ExpressionSyntax)], _ body: [StatementSyntax],
    _ mark: Mark
  ) throws(TemplateError) -> Operation {
    let block = inner()
    for value in values { value.target.forEachName { block.declareParameter($0) } }
    block.note(body)
    var compiled: [(target: Operation.Target, value: Expression)] = []
    for value in values {
      let expression = try expression(value.value)
      let target = try inside(block) { () throws(TemplateError) in try self.target(value.target) }
      compiled.append((target, expression))
    }
    let statements = try inside(block) { () throws(TemplateError) in try operations(body) }
    return .with(entry(of: block), values: compiled, body: statements, mark)
  }

  private func filterBlock(
    _ filter: ExpressionSyntax, _ body: [StatementSyntax], _ mark: Mark
  ) throws(TemplateError) -> Operation {
    let block = inner()
    block.note(body)
    block.note(filter)
    let compiled = try capturing(block) { () throws(TemplateError) in try operations(body) }
    let compiledFilter = try inside(block) { () throws(TemplateError) in try expression(filter) }
    return .filterBlock(entry(of: block), body: compiled, filter: compiledFilter, mark)
  }

  private func callBlock(
    _ body: MacroSyntax, _ call: ExpressionSyntax, _ mark: Mark
  ) throws(TemplateError) -> Operation {
    guard case .call(let callee, let arguments) = call.kind else {
      preconditionFailure("the parser lets only calls pass")
    }
    let caller = try macro(body)
    return .callBlock(caller, call: try self.call(callee, arguments), mark)
  }

  private func inclusion(
    _ syntax: InclusionSyntax, mayIgnore: Bool, at offset: Int
  ) throws(TemplateError) -> Operation.Inclusion {
    let names = try fileNames(syntax.file)
    if mayIgnore, !syntax.withContext, captureCount > 0 {
      throw source.error(
        "unsupported-feature", at: offset,
        "'include … without context' inside a macro, a recursive loop, a filter, call or set block is not supported",
        hint: "Jinja loses or misplaces its text there; include it with context")
    }
    let visible = scope.assignedNames().map { ($0.name, reference($0.variable)) }
    let given = syntax.withContext ? Set(visible.map(\.0)) : nil
    for name in names {
      if let unit = try includedUnit(name, given: given) {
        return Operation.Inclusion(
          unit: unit, withContext: syntax.withContext, visible: visible, mark: mark(offset))
      }
    }
    guard mayIgnore, syntax.ignoresMissing else {
      let sentence =
        names.count == 1
        ? "there is no file '\(names[0])'" : "none of these files is there: \(names)"
      throw source.error(
        "missing-template", at: syntax.file.offset, sentence,
        hint: environment.loader == nil ? "no files can be included here" : nil)
    }
    return Operation.Inclusion(
      unit: nil, withContext: false, visible: [], mark: mark(offset))
  }

  /// The names of files to look for, in order.
  private func fileNames(_ syntax: ExpressionSyntax) throws(TemplateError) -> [String] {
    switch syntax.kind {
    case .constant(.text(let name)): return [name.string]
    case .list(let items), .tuple(let items):
      var names: [String] = []
      for item in items { names += try fileNames(item) }
      return names
    default:
      throw source.error(
        "unsupported-feature", at: syntax.offset,
        "a file name that is known only when the template runs is not supported",
        hint: "write the name itself, in quotes")
    }
  }
}
