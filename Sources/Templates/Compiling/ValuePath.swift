internal import Records

/// An expression that only names a value inside one of the roots, as `output.summary` does: most of what a merge sets.
struct ValuePath: Sendable {
  private let root: Int
  private let names: [[UInt8]]

  /// The path that an expression is; nil for any other one.
  init?(_ expression: Expression, _ program: Program) {
    var names: [[UInt8]] = []
    var owner = expression
    while case .attribute(let next, let name, _) = owner {
      guard !Methods.dict.contains(name) else { return nil }
      names.append(Array(name.utf8))
      owner = next
    }
    guard case .external(let index, _) = owner,
      case .root(let position) = program.externals[index].origin
    else { return nil }
    root = position
    self.names = names.reversed()
  }

  /// The value, if it is there and its text is its form in JSON: text, an array, an object, a Boolean or null.
  func find(in scope: TemplateScope) -> JSONView? {
    guard root < scope.roots.count, var value = scope.roots[root] else { return nil }
    for name in names {
      guard let member = name.withUnsafeBufferPointer({ value[utf8: $0] }) else { return nil }
      value = member
    }
    return value.kind == .number ? nil : value
  }
}
