/// What a template does, step by step.
indirect enum Operation: Sendable {
  case literal(Literal)
  /// Prints a name that comes from outside.
  case external(Int, Mark)
  case output(Expression, Mark)
  case evaluate(Expression)
  case assign(Target, Expression, Mark)
  case capture(Capture)
  case loop(Loop)
  case condition([Branch], otherwise: [Operation])
  case with(ScopeEntry, values: [(target: Target, value: Expression)], body: [Operation], Mark)
  case filterBlock(ScopeEntry, body: [Operation], filter: Expression, Mark)
  case macro(MacroProgram, slot: SlotReference)
  case callBlock(MacroProgram, call: Call, Mark)
  case include(Inclusion)
  case `import`(Inclusion, slot: SlotReference)
  case fromImport(Inclusion, names: [(name: Text, slot: SlotReference)])
  case leaveLoop
  case nextIteration

  /// What is assigned to.
  indirect enum Target: Sendable {
    case slot(SlotReference)
    case member(Expression, Text)
    case tuple([Target])
  }

  /// A block that is assigned.
  struct Capture: Sendable {
    let entry: ScopeEntry
    let body: [Operation]
    let filter: Expression?
    let target: Target
    let mark: Mark
  }

  /// One arm of an `if`.
  struct Branch: Sendable {
    let test: Expression
    let mark: Mark
    let body: [Operation]
  }

  /// A file that is included or imported.
  struct Inclusion: Sendable {
    /// The index of the unit; nil when a missing file is ignored.
    let unit: Int?
    let withContext: Bool
    /// Variables that the file sees.
    let visible: [(name: Text, slot: SlotReference)]
    let mark: Mark
  }
}

/// A `for`.
final class Loop: Sendable {
  let target: Operation.Target
  let iterable: Expression
  let entry: ScopeEntry
  let body: [Operation]
  let otherwise: [Operation]
  let otherwiseEntry: ScopeEntry
  let test: LoopTest?
  /// Where `loop` is kept, if it is used.
  let loopSlot: Int?
  /// For a recursive loop, the number of slots of its body's activation.
  let recursiveSlotCount: Int?
  let mark: Mark

  init(
    target: Operation.Target, iterable: Expression, entry: ScopeEntry, body: [Operation],
    otherwise: [Operation], otherwiseEntry: ScopeEntry, test: LoopTest?, loopSlot: Int?,
    recursiveSlotCount: Int?, mark: Mark
  ) {
    self.target = target
    self.iterable = iterable
    self.entry = entry
    self.body = body
    self.otherwise = otherwise
    self.otherwiseEntry = otherwiseEntry
    self.test = test
    self.loopSlot = loopSlot
    self.recursiveSlotCount = recursiveSlotCount
    self.mark = mark
  }
}

/// The `if` of a `for`, with variables of its own.
struct LoopTest: Sendable {
  let entry: ScopeEntry
  let target: Operation.Target
  let condition: Expression
  let mark: Mark
}

/// A macro, or the body of a call block.
final class MacroProgram: Sendable {
  /// Nil for the body of a call block.
  let name: String?
  let parameters: [Parameter]
  let entry: ScopeEntry
  let slotCount: Int
  let body: [Operation]
  /// Where what the macro was called with is kept, if the body uses it.
  let callerSlot: Int?
  let keywordsSlot: Int?
  let restSlot: Int?

  /// A parameter of a macro.
  struct Parameter: Sendable {
    let name: String
    let slot: Int
    let fallback: Expression?
  }

  init(
    name: String?, parameters: [Parameter], entry: ScopeEntry, slotCount: Int,
    body: [Operation], callerSlot: Int?, keywordsSlot: Int?, restSlot: Int?
  ) {
    self.name = name
    self.parameters = parameters
    self.entry = entry
    self.slotCount = slotCount
    self.body = body
    self.callerSlot = callerSlot
    self.keywordsSlot = keywordsSlot
    self.restSlot = restSlot
  }
}
