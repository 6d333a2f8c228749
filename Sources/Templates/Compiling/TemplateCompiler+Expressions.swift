/// Expressions.
extension TemplateCompiler {
  /// Compiles an expression, and notes what it reads.
  func expression(_ syntax: ExpressionSyntax) throws(TemplateError) -> Expression {
    if noteReads(of: syntax) { return try path(syntax) }
    let mark = mark(syntax.offset)
    switch syntax.kind {
    case .constant(let value): return .constant(value)
    case .name(let name): return try self.name(name, at: syntax.offset)
    case .tuple(let items): return .tuple(try expressions(items))
    case .list(let items): return .list(try expressions(items))
    case .dictionary(let pairs): return .dictionary(try self.pairs(pairs), mark)
    case .unary(let sign, let operand): return .unary(sign, try expression(operand), mark)
    case .binary(let sign, let left, let right):
      return .binary(sign, try expression(left), try expression(right), mark)
    case .concatenation(let parts): return .concatenation(try expressions(parts), mark)
    case .comparison(let first, let rest):
      return .comparison(try expression(first), try operands(rest), mark)
    case .and(let left, let right): return try conjunction(left, right, mark)
    case .or(let left, let right): return try disjunction(left, right, mark)
    case .not(let operand): return .not(try expression(operand), mark)
    case .conditional(let test, let then, let otherwise):
      return try conditional(test, then, otherwise, mark)
    case .attribute(let owner, let member):
      try refuseDoubleUnderscores(member, at: syntax.offset)
      return .attribute(try expression(owner), member, mark)
    case .item(let owner, let index): return try item(try expression(owner), index, mark)
    case .slice: throw unsupportedSlice(syntax)
    case .call(let callee, let arguments):
      return .call(try call(callee, arguments), mark)
    case .filter(let operand, let name, let arguments):
      return try filter(operand, name, arguments, at: syntax.offset)
    case .test(let operand, let name, let arguments):
      return try test(operand, name, arguments, at: syntax.offset)
    }
  }

  /// Compiles a name with members whose reads are noted.
  private func path(_ syntax: ExpressionSyntax) throws(TemplateError) -> Expression {
    let mark = mark(syntax.offset)
    switch syntax.kind {
    case .name(let name): return try self.name(name, at: syntax.offset)
    case .attribute(let owner, let member):
      try refuseDoubleUnderscores(member, at: syntax.offset)
      return .attribute(try path(owner), member, mark)
    case .item(let owner, let index): return .item(try path(owner), try expression(index), mark)
    default: return try expression(syntax)
    }
  }

  private func refuseDoubleUnderscores(_ name: String, at offset: Int) throws(TemplateError) {
    guard name.hasPrefix("__"), name.hasSuffix("__") else { return }
    throw source.error(
      "unsupported-feature", at: offset, "the inner members of Python ('\(name)') are not supported"
    )
  }

  private func unsupportedSlice(_ syntax: ExpressionSyntax) -> TemplateError {
    source.error(
      "unsupported-feature", at: syntax.offset, "a slice among several indices is not supported")
  }

  func expressions(_ items: [ExpressionSyntax]) throws(TemplateError) -> [Expression] {
    var compiled: [Expression] = []
    for item in items { compiled.append(try expression(item)) }
    return compiled
  }

  private func pairs(
    _ pairs: [(key: ExpressionSyntax, value: ExpressionSyntax)]
  ) throws(TemplateError) -> [(key: Expression, value: Expression)] {
    var compiled: [(key: Expression, value: Expression)] = []
    for pair in pairs { compiled.append((try expression(pair.key), try expression(pair.value))) }
    return compiled
  }

  private func operands(
    _ rest: [(sign: ComparisonOperator, operand: ExpressionSyntax)]
  ) throws(TemplateError) -> [(sign: ComparisonOperator, operand: Expression)] {
    var compiled: [(sign: ComparisonOperator, operand: Expression)] = []
    for part in rest { compiled.append((part.sign, try expression(part.operand))) }
    return compiled
  }

  private func conjunction(
    _ left: ExpressionSyntax, _ right: ExpressionSyntax, _ mark: Mark
  ) throws(TemplateError) -> Expression {
    let first = try expression(left)
    let second = try with(defined: Self.defined(when: left, is: true)) {
      () throws(TemplateError) in try expression(right)
    }
    return .and(first, second, mark)
  }

  private func disjunction(
    _ left: ExpressionSyntax, _ right: ExpressionSyntax, _ mark: Mark
  ) throws(TemplateError) -> Expression {
    let first = try expression(left)
    let second = try with(defined: Self.defined(when: left, is: false)) {
      () throws(TemplateError) in try expression(right)
    }
    return .or(first, second, mark)
  }

  private func conditional(
    _ test: ExpressionSyntax, _ then: ExpressionSyntax, _ otherwise: ExpressionSyntax?, _ mark: Mark
  ) throws(TemplateError) -> Expression {
    branchCount += 1
    defer { branchCount -= 1 }
    let condition = try expression(test)
    let first = try with(defined: Self.defined(when: test, is: true)) {
      () throws(TemplateError) in try expression(then)
    }
    let second = try with(defined: Self.defined(when: test, is: false)) {
      () throws(TemplateError) -> Expression? in
      guard let otherwise else { return nil }
      return try expression(otherwise)
    }
    return .conditional(test: condition, then: first, otherwise: second, mark)
  }

  private func item(
    _ owner: Expression, _ index: ExpressionSyntax, _ mark: Mark
  ) throws(TemplateError) -> Expression {
    guard case .slice(let start, let stop, let step) = index.kind else {
      return .item(owner, try expression(index), mark)
    }
    return .slice(
      owner, start: try optional(start), stop: try optional(stop), step: try optional(step), mark)
  }

  private func optional(_ syntax: ExpressionSyntax?) throws(TemplateError) -> Expression? {
    guard let syntax else { return nil }
    return try expression(syntax)
  }

  /// Compiles a call.
  func call(
    _ callee: ExpressionSyntax, _ arguments: ArgumentsSyntax
  ) throws(TemplateError) -> Call {
    if case .name(let name) = callee.kind, let reason = UnsupportedFeatures.functions[name],
      scope.find(name).map({ $0.scope.isOnlyLookedUp($0.variable, name) }) ?? true
    {
      throw source.error("unsupported-feature", at: callee.offset, reason)
    }
    let target = try self.callee(callee)
    return Call(callee: target, arguments: try self.arguments(arguments))
  }

  /// Compiles what is called: of `a.b.c()` only `a.b` is read.
  private func callee(_ syntax: ExpressionSyntax) throws(TemplateError) -> Expression {
    guard case .attribute(let owner, let member) = syntax.kind else {
      return try expression(syntax)
    }
    try refuseDoubleUnderscores(member, at: syntax.offset)
    return .attribute(try expression(owner), member, mark(syntax.offset))
  }

  func arguments(_ syntax: ArgumentsSyntax) throws(TemplateError) -> ArgumentList {
    var list = ArgumentList()
    list.positional = try expressions(syntax.positional)
    for argument in syntax.named {
      list.named.append((argument.name, try expression(argument.value)))
    }
    list.spread = try optional(syntax.spread)
    list.namedSpread = try optional(syntax.namedSpread)
    return list
  }
}
