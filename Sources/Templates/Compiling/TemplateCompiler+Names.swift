/// What names mean, and what is read by them.
extension TemplateCompiler {
  /// Compiles the use of a name.
  func name(_ name: String, at offset: Int) throws(TemplateError) -> Expression {
    if let slot = slot(name) { return .local(slot, name: name, mark(offset)) }
    if name == "self" {
      throw source.error(
        "unsupported-feature", at: offset, "'self', the template itself in Jinja, is not supported",
        hint: "write record.self for a field of that name")
    }
    return .external(external(name), mark(offset))
  }

  /// The slot of a name, nil when it comes from outside.
  private func slot(_ name: String) -> SlotReference? {
    guard let (variable, owner) = scope.find(name), !owner.isOnlyLookedUp(variable, name) else {
      return nil
    }
    return reference(variable)
  }

  /// A variable as the present function sees it.
  func reference(_ variable: Variable) -> SlotReference {
    SlotReference(up: scope.function.depth - variable.depth, slot: variable.slot)
  }

  /// The slot that an assignment to a name writes.
  func assignedSlot(_ name: String) -> SlotReference {
    guard let found = scope.find(name) else {
      preconditionFailure("a scope is looked over before its statements are compiled")
    }
    return reference(found.variable)
  }

  /// What happens to the variables of a scope when it is entered.
  func entry(of scope: NameScope) -> ScopeEntry {
    var entry = ScopeEntry()
    for (variable, start) in scope.starts.sorted(by: { $0.key.slot < $1.key.slot }) {
      switch start {
      case .parameter: break
      case .missing: entry.missing.append(variable.slot)
      case .copied(let other):
        let from = SlotReference(up: scope.function.depth - other.depth, slot: other.slot)
        if let name = scope.lookedUpName(of: other) {
          entry.lookedUp.append((variable.slot, external(name)))
        } else {
          entry.copied.append((variable.slot, from))
        }
      case .lookedUp(let name):
        guard !scope.isOnlyLookedUp(variable, name) else { continue }
        entry.lookedUp.append((variable.slot, external(name)))
        noteRead(name, members: [], isOptional: true, at: 0)
      }
      entry.all.append(variable.slot)
    }
    return entry
  }

  /// Notes that a name from outside is read, with the members that are taken from it.
  func noteRead(_ name: String, members: [String], isOptional: Bool, at offset: Int) {
    let text = Text(name)
    guard seesRecord else { return }
    let isOptional = isOptional || givenNames.contains(text)
    let place = source.place(at: offset)
    if text == "record" {
      guard let field = members.first else {
        reads.usesWholeRecord = true
        return
      }
      reads.note(field: field, isOptional: isOptional, at: place)
    } else if environment.roots.contains(where: { Text($0) == text }) {
      reads.note(root: name, members: members, isOptional: isOptional, at: place)
    } else if GlobalFunction(rawValue: name) == nil {
      reads.note(field: name, isOptional: isOptional, at: place)
    }
  }

  /// Notes what an expression reads, if it is a name from outside with members.
  ///
  /// - Returns: Whether it is.
  func noteReads(of expression: ExpressionSyntax) -> Bool {
    guard let path = Self.path(of: expression), let name = path.first else { return false }
    let read: [String]
    if slot(name) == nil {
      read = path
    } else if let element = rootPath(of: path) {
      read = element
    } else {
      return false
    }
    noteRead(
      read[0], members: Array(read.dropFirst()), isOptional: isGuarded || isKnownDefined(path),
      at: expression.firstOffset)
    return true
  }

  private func isKnownDefined(_ path: [String]) -> Bool {
    guarded.contains { known in
      known.count <= path.count
        && zip(known, path).allSatisfy { $0.utf8.elementsEqual($1.utf8) }
    }
  }

  /// The name and the members of `a.b["c"]`, nil for another expression.
  static func path(of expression: ExpressionSyntax) -> [String]? {
    switch expression.kind {
    case .name(let name): return [name]
    case .attribute(let owner, let member): return path(of: owner).map { $0 + [member] }
    case .item(let owner, let index):
      guard case .constant(.text(let member)) = index.kind else { return nil }
      return path(of: owner).map { $0 + [member.string] }
    default: return nil
    }
  }

  /// Paths that are defined when a test holds (or, if `isTrue` is false, when it does not).
  static func defined(when test: ExpressionSyntax, is isTrue: Bool) -> [[String]] {
    switch test.kind {
    case .test(let operand, let name, _):
      guard name == (isTrue ? "defined" : "undefined") else { return [] }
      return [path(of: operand)].compactMap { $0 }
    case .not(let operand): return defined(when: operand, is: !isTrue)
    case .and(let left, let right) where isTrue:
      return defined(when: left, is: true) + defined(when: right, is: true)
    case .or(let left, let right) where !isTrue:
      return defined(when: left, is: false) + defined(when: right, is: false)
    default: return []
    }
  }

  /// Compiles something where paths are known to be defined.
  func with<Result>(
    defined paths: [[String]], _ body: () throws(TemplateError) -> Result
  ) throws(TemplateError) -> Result {
    guarded += paths
    defer { guarded.removeLast(paths.count) }
    return try body()
  }

  /// Compiles something whose names may be undefined.
  func guarding<Result>(
    _ body: () throws(TemplateError) -> Result
  ) throws(TemplateError) -> Result {
    let saved = isGuarded
    isGuarded = true
    defer { isGuarded = saved }
    return try body()
  }
}

extension NameScope {
  /// The name that a variable of a scope around stands for, when it has no slot.
  func lookedUpName(of variable: Variable) -> String? {
    var scope: NameScope? = self
    while let present = scope {
      if case .lookedUp(let name) = present.starts[variable], present.isOnlyLookedUp(variable, name)
      {
        return name
      }
      scope = present.parent
    }
    return nil
  }
}

extension ExpressionSyntax {
  /// Where the expression's first word stands.
  var firstOffset: Int {
    switch kind {
    case .attribute(let owner, _), .item(let owner, _): owner.firstOffset
    default: offset
    }
  }
}
