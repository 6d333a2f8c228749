/// A statement, an output or a piece of text as it was written.
struct StatementSyntax: Sendable {
  indirect enum Kind: Sendable {
    case text([UInt8])
    case output(ExpressionSyntax)
    /// `do`: evaluated, not printed.
    case evaluate(ExpressionSyntax)
    case assign(TargetSyntax, ExpressionSyntax)
    case assignBlock(TargetSyntax, filter: ExpressionSyntax?, body: [StatementSyntax])
    case loop(LoopSyntax)
    case condition(
      [(test: ExpressionSyntax, body: [StatementSyntax])], otherwise: [StatementSyntax])
    case with([(target: TargetSyntax, value: ExpressionSyntax)], body: [StatementSyntax])
    case macro(MacroSyntax)
    /// The body of the macro is what the called one gets as `caller`.
    case callBlock(MacroSyntax, call: ExpressionSyntax)
    case filterBlock(ExpressionSyntax, body: [StatementSyntax])
    case include(InclusionSyntax)
    case `import`(InclusionSyntax, target: String)
    case fromImport(InclusionSyntax, names: [(name: String, alias: String)])
    case leaveLoop
    case nextIteration
  }

  let kind: Kind
  /// The offset in the source that an error about it names.
  let offset: Int

  init(_ kind: Kind, at offset: Int) {
    self.kind = kind
    self.offset = offset
  }
}

/// What is assigned to.
struct TargetSyntax: Sendable {
  indirect enum Kind: Sendable {
    case name(String)
    /// A member of a namespace.
    case member(String, String)
    case tuple([TargetSyntax])
  }

  let kind: Kind
  let offset: Int

  /// Calls `body` for every variable the target writes.
  func forEachName(_ body: (String) -> Void) {
    switch kind {
    case .name(let name): body(name)
    case .member: break
    case .tuple(let targets): for target in targets { target.forEachName(body) }
    }
  }

  /// Calls `body` for every namespace the target writes into.
  func forEachNamespace(_ body: (String) -> Void) {
    switch kind {
    case .name: break
    case .member(let name, _): body(name)
    case .tuple(let targets): for target in targets { target.forEachNamespace(body) }
    }
  }
}

/// A `for`.
struct LoopSyntax: Sendable {
  var target: TargetSyntax
  var iterable: ExpressionSyntax
  var test: ExpressionSyntax?
  var isRecursive: Bool
  var body: [StatementSyntax]
  var otherwise: [StatementSyntax]
}

/// A macro, or the body of a call block.
struct MacroSyntax: Sendable {
  /// Nil for the body of a call block.
  var name: String?
  var parameters: [String]
  /// The defaults of the last parameters.
  var defaults: [ExpressionSyntax]
  var body: [StatementSyntax]
}

/// The file of an `include` or an `import`.
struct InclusionSyntax: Sendable {
  var file: ExpressionSyntax
  var ignoresMissing = false
  var withContext: Bool
}
