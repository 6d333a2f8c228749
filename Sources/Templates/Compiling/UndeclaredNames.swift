/// Finds out whether a body uses a name that it does not assign itself: `loop`, `caller`, `varargs`, `kwargs`.
struct UndeclaredNames {
  private var wanted: Set<String>
  private(set) var found: Set<String> = []

  init(_ wanted: Set<String>, in body: [StatementSyntax]) {
    self.wanted = wanted
    visit(body)
  }

  private mutating func visit(_ body: [StatementSyntax]) {
    for statement in body { visit(statement) }
  }

  private mutating func visit(_ expression: ExpressionSyntax?) {
    var names: [String] = []
    expression?.forEachName { names.append($0) }
    found.formUnion(wanted.intersection(names))
  }

  private mutating func visit(_ target: TargetSyntax) {
    var names: [String] = []
    target.forEachName { names.append($0) }
    wanted.subtract(names)
  }

  private mutating func visit(_ statement: StatementSyntax) {
    switch statement.kind {
    case .text, .leaveLoop, .nextIteration: break
    case .output(let value), .evaluate(let value): visit(value)
    case .assign(let target, let value):
      visit(target)
      visit(value)
    case .assignBlock(let target, let filter, let body):
      visit(target)
      visit(filter)
      visit(body)
    case .loop(let loop):
      visit(loop.target)
      visit(loop.iterable)
      visit(loop.body)
      visit(loop.otherwise)
      visit(loop.test)
    case .condition(let branches, let otherwise):
      for branch in branches {
        visit(branch.test)
        visit(branch.body)
      }
      visit(otherwise)
    case .with(let values, let body):
      for value in values { visit(value.target) }
      for value in values { visit(value.value) }
      visit(body)
    case .macro(let macro): visit(macro)
    case .callBlock(let macro, let call):
      visit(call)
      visit(macro)
    case .filterBlock(let filter, let body):
      visit(body)
      visit(filter)
    case .include(let inclusion), .import(let inclusion, _), .fromImport(let inclusion, _):
      visit(inclusion.file)
    }
  }

  private mutating func visit(_ macro: MacroSyntax) {
    wanted.subtract(macro.parameters)
    for value in macro.defaults { visit(value) }
    visit(macro.body)
  }
}
