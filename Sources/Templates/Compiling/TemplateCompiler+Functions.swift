/// Loops and macros: what has variables of its own.
extension TemplateCompiler {
  /// Compiles a `for`.
  func loop(_ syntax: LoopSyntax, _ mark: Mark) throws(TemplateError) -> Loop {
    try refuseAssignment(to: "loop", in: syntax)
    let iterable = try expression(syntax.iterable)
    let outer = scope
    let function =
      syntax.isRecursive ? FunctionScope(parent: outer.function) : outer.function
    let bodyScope = NameScope(parent: outer, function: function)
    let usesLoop = !UndeclaredNames(["loop"], in: syntax.body).found.isEmpty
    let loopSlot =
      syntax.isRecursive || usesLoop ? bodyScope.declareParameter("loop").slot : nil
    syntax.target.forEachName { bodyScope.declareParameter($0) }
    bodyScope.note(syntax.body)
    let otherwiseScope = NameScope(parent: outer, function: function)
    otherwiseScope.note(syntax.otherwise)
    let test = try loopTest(syntax, in: outer, function)

    let (savedCount, savedBranches, captures) = (loopCount, branchCount, captureCount)
    defer {
      (scope, loopCount, branchCount) = (outer, savedCount, savedBranches)
      captureCount = captures
    }
    (scope, branchCount) = (bodyScope, 0)
    if syntax.isRecursive { captureCount += 1 }
    let target = try self.target(syntax.target)
    loopCount = syntax.isRecursive ? 1 : loopCount + 1
    let body = try withElements(of: syntax) { () throws(TemplateError) in
      try operations(syntax.body)
    }
    loopCount = syntax.isRecursive ? 0 : savedCount
    scope = otherwiseScope
    let otherwise = try operations(syntax.otherwise)
    return Loop(
      target: target, iterable: iterable, entry: entry(of: bodyScope), body: body,
      otherwise: otherwise, otherwiseEntry: entry(of: otherwiseScope), test: test,
      loopSlot: loopSlot, recursiveSlotCount: syntax.isRecursive ? function.slotCount : nil,
      mark: mark)
  }

  private func loopTest(
    _ syntax: LoopSyntax, in outer: NameScope, _ function: FunctionScope
  ) throws(TemplateError) -> LoopTest? {
    guard let condition = syntax.test else { return nil }
    let testScope = NameScope(parent: outer, function: function, prefix: "if ")
    syntax.target.forEachName { testScope.declareParameter($0) }
    testScope.note(condition)
    scope = testScope
    defer { scope = outer }
    return LoopTest(
      entry: entry(of: testScope), target: try target(syntax.target),
      condition: try expression(condition), mark: mark(condition.offset))
  }

  private func refuseAssignment(to name: String, in loop: LoopSyntax) throws(TemplateError) {
    var isAssigned = false
    let note: (String) -> Void = { if $0 == name { isAssigned = true } }
    loop.target.forEachName(note)
    StatementSyntax.forEachTarget(in: loop.body + loop.otherwise) { $0.forEachName(note) }
    if isAssigned {
      throw source.error(
        "template-syntax", at: loop.target.offset,
        "nothing can be assigned to '\(name)' inside a loop")
    }
  }

  /// Compiles a macro, or the body of a call block.
  func macro(_ syntax: MacroSyntax) throws(TemplateError) -> MacroProgram {
    let outer = scope
    let saved = (loopCount, branchCount, captureCount)
    let function = FunctionScope(parent: outer.function)
    let inner = NameScope(parent: outer, function: function)
    for name in syntax.parameters { inner.declareParameter(name) }
    for value in syntax.defaults { inner.note(value) }
    let special = UndeclaredNames(["caller", "kwargs", "varargs"], in: syntax.body).found
    func slot(_ name: String) -> Int? {
      guard special.contains(name), !syntax.parameters.contains(name) else { return nil }
      return inner.declareParameter(name).slot
    }
    try checkCaller(syntax, isUsed: special.contains("caller"))
    let slots = (slot("caller"), slot("kwargs"), slot("varargs"))
    inner.note(syntax.body)
    scope = inner
    (loopCount, branchCount, captureCount) = (0, 0, captureCount + 1)
    defer {
      scope = outer
      (loopCount, branchCount, captureCount) = saved
    }
    let parameters = try self.parameters(of: syntax)
    let body = try operations(syntax.body)
    return MacroProgram(
      name: syntax.name, parameters: parameters, entry: entry(of: inner),
      slotCount: function.slotCount, body: body, callerSlot: slots.0, keywordsSlot: slots.1,
      restSlot: slots.2)
  }

  private func checkCaller(_ syntax: MacroSyntax, isUsed: Bool) throws(TemplateError) {
    guard isUsed, let position = syntax.parameters.firstIndex(of: "caller"),
      position < syntax.parameters.count - syntax.defaults.count
    else { return }
    throw source.error(
      "template-syntax", at: syntax.body.first?.offset ?? 0,
      "a parameter named 'caller' needs a default")
  }

  private func parameters(
    of syntax: MacroSyntax
  ) throws(TemplateError) -> [MacroProgram.Parameter] {
    var parameters: [MacroProgram.Parameter] = []
    let required = syntax.parameters.count - syntax.defaults.count
    for (position, name) in syntax.parameters.enumerated() {
      var fallback: Expression?
      if position >= required { fallback = try expression(syntax.defaults[position - required]) }
      parameters.append(
        MacroProgram.Parameter(name: name, slot: assignedSlot(name).slot, fallback: fallback))
    }
    return parameters
  }
}

extension StatementSyntax {
  /// Calls `body` for everything that statements assign to, however deep.
  static func forEachTarget(in statements: [StatementSyntax], _ body: (TargetSyntax) -> Void) {
    for statement in statements {
      switch statement.kind {
      case .assign(let target, _): body(target)
      case .assignBlock(let target, _, let inner):
        body(target)
        forEachTarget(in: inner, body)
      case .loop(let loop):
        body(loop.target)
        forEachTarget(in: loop.body + loop.otherwise, body)
      case .condition(let branches, let otherwise):
        for branch in branches { forEachTarget(in: branch.body, body) }
        forEachTarget(in: otherwise, body)
      case .with(let values, let inner):
        for value in values { body(value.target) }
        forEachTarget(in: inner, body)
      case .macro(let macro), .callBlock(let macro, _): forEachTarget(in: macro.body, body)
      case .filterBlock(_, let inner): forEachTarget(in: inner, body)
      default: break
      }
    }
  }
}
