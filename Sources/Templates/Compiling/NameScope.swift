/// The names of one scope, with Jinja's rules of what is visible where.
///
/// Jinja decides before a template runs which variable a name means: one that is assigned anywhere in a
/// scope, even later, belongs to that scope. A scope is filled by looking over its statements once, then its
/// statements are compiled.
final class NameScope {
  /// What a variable holds when its scope is entered.
  enum Start {
    case parameter
    /// What the record or the surroundings call by this name.
    case lookedUp(String)
    /// What a variable of an outer scope holds.
    case copied(Variable)
    case missing
  }

  let level: Int
  let parent: NameScope?
  let function: FunctionScope
  /// Set for scopes whose variables must not share slots with others of the same level.
  private let prefix: String
  private var variables: [Text: Variable] = [:]
  private(set) var starts: [Variable: Start] = [:]
  private(set) var assigned: Set<Text> = []

  init(parent: NameScope?, function: FunctionScope, prefix: String = "") {
    self.parent = parent
    self.function = function
    self.prefix = prefix
    level = parent.map { $0.level + 1 } ?? 0
  }

  private init(copying other: NameScope) {
    level = other.level
    parent = other.parent
    function = other.function
    prefix = other.prefix
    variables = other.variables
    starts = other.starts
    assigned = other.assigned
  }

  /// The variable that a name means here, with the scope it belongs to; nil when nobody has looked at it.
  func find(_ name: String) -> (variable: Variable, scope: NameScope)? {
    if let variable = variables[Text(name)] { return (variable, self) }
    return parent?.find(name)
  }

  /// Notes that a name is read.
  func load(_ name: String) {
    if find(name) == nil { define(name, .lookedUp(name)) }
  }

  /// Notes that a name is assigned.
  func store(_ name: String) {
    assigned.insert(Text(name))
    guard variables[Text(name)] == nil else { return }
    if let outer = parent?.find(name) {
      define(name, .copied(outer.variable))
    } else {
      define(name, .missing)
    }
  }

  /// Notes that a name is given a value from outside.
  @discardableResult func declareParameter(_ name: String) -> Variable {
    assigned.insert(Text(name))
    return define(name, .parameter)
  }

  @discardableResult private func define(_ name: String, _ start: Start) -> Variable {
    let variable = function.variable(Text("\(prefix)\(level) \(name)"))
    variables[Text(name)] = variable
    starts[variable] = start
    return variable
  }

  /// Whether a variable can only ever hold what the record or the surroundings call by its name, so that it
  /// needs no slot.
  func isOnlyLookedUp(_ variable: Variable, _ name: String) -> Bool {
    guard case .lookedUp = starts[variable] else { return false }
    return !assigned.contains(Text(name))
  }

  /// All names that are assigned here or in a scope around, with the variable each means here.
  func assignedNames() -> [(name: Text, variable: Variable)] {
    var found: [Text: Variable] = [:]
    var scope: NameScope? = self
    while let present = scope {
      for name in present.assigned where found[name] == nil {
        found[name] = find(name.string)?.variable
      }
      scope = present.parent
    }
    return found.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  /// Notes branches of which only one is taken: what one of them assigns may keep its value from outside.
  private func merge(_ branches: [NameScope]) {
    let before = assigned
    var stored: Set<Text> = []
    for branch in branches {
      stored.formUnion(branch.assigned)
      variables.merge(branch.variables) { $1 }
      starts.merge(branch.starts) { $1 }
      assigned.formUnion(branch.assigned)
    }
    for name in stored.subtracting(before) {
      guard let variable = variables[name] else { continue }
      if let outer = parent?.find(name.string) {
        starts[variable] = .copied(outer.variable)
      } else {
        starts[variable] = .lookedUp(name.string)
      }
    }
  }
}

/// One activation at run time: the template, a macro, the body of a recursive loop.
final class FunctionScope {
  let depth: Int
  private var slots: [Text: Int] = [:]

  init(parent: FunctionScope?) { depth = parent.map { $0.depth + 1 } ?? 0 }

  var slotCount: Int { slots.count }

  /// The variable of this name; scopes of one level that follow each other share theirs.
  func variable(_ name: Text) -> Variable {
    let slot = slots[name] ?? slots.count
    slots[name] = slot
    return Variable(depth: depth, slot: slot)
  }
}

/// A slot of a function; functions inside each other differ by depth.
struct Variable: Hashable {
  let depth: Int
  let slot: Int
}

extension NameScope {
  /// Looks over statements that belong to this scope.
  func note(_ statements: [StatementSyntax]) {
    for statement in statements { note(statement) }
  }

  /// Looks over an expression.
  func note(_ expression: ExpressionSyntax) { expression.forEachName { load($0) } }

  /// Looks over what is assigned to.
  func note(_ target: TargetSyntax) {
    switch target.kind {
    case .name(let name): store(name)
    case .member(let name, _): load(name)
    case .tuple(let targets): for target in targets { note(target) }
    }
  }

  private func note(_ statement: StatementSyntax) {
    switch statement.kind {
    case .text, .leaveLoop, .nextIteration: break
    case .output(let value), .evaluate(let value): note(value)
    case .assign(let target, let value):
      note(value)
      note(target)
    case .assignBlock(let target, let filter, _):
      if let filter { note(filter) }
      note(target)
    case .loop(let loop): note(loop.iterable)
    case .condition(let branches, let otherwise): note(branches[...], otherwise)
    case .with(let values, _): for value in values { note(value.value) }
    case .macro(let macro): if let name = macro.name { store(name) }
    case .callBlock(_, let call): note(call)
    case .filterBlock(let filter, _): note(filter)
    case .include(let inclusion): note(inclusion.file)
    case .import(let inclusion, let target):
      note(inclusion.file)
      store(target)
    case .fromImport(let inclusion, let names):
      note(inclusion.file)
      for name in names { store(name.alias) }
    }
  }

  private func note(
    _ branches: ArraySlice<(test: ExpressionSyntax, body: [StatementSyntax])>,
    _ otherwise: [StatementSyntax]
  ) {
    guard let first = branches.first else { return }
    note(first.test)
    let body = NameScope(copying: self)
    body.note(first.body)
    // Each `elif` is an `if` of its own, one after the other in one scope.
    let others = NameScope(copying: self)
    for branch in branches.dropFirst() { others.note([branch][...], []) }
    let last = NameScope(copying: self)
    last.note(otherwise)
    merge([body, others, last])
  }
}
