internal import Records

/// Whether a loop goes on after a statement.
enum Flow { case normal, leaveLoop, nextIteration }

/// Running statements.
extension Renderer {
  /// Runs the whole template.
  mutating func runMain(into output: inout ByteBuffer, _ escaping: Escaping) throws(RenderError) {
    guard let unit = program?.units.first else { return }
    let frame = frame(slotCount: unit.slotCount)
    enter(unit.entry, frame)
    _ = try run(unit.body, frame, into: &output, escaping)
  }

  /// Runs statements.
  mutating func run(
    _ operations: [Operation], _ frame: Frame, into output: inout ByteBuffer, _ escaping: Escaping
  ) throws(RenderError) -> Flow {
    guard let program else { return .normal }
    for operation in operations {
      switch operation {
      case .literal(let literal): printLiteral(literal, program, into: &output, escaping)
      case .external(let index, let mark):
        try printExternal(index, mark, frame, into: &output, escaping)
      case .output(let expression, let mark):
        let value = try evaluate(expression, frame)
        self.mark = mark
        try emit(value, into: &output, escaping)
      case .condition(let branches, let otherwise):
        let flow = try condition(branches, otherwise, frame, into: &output, escaping)
        if flow != .normal { return flow }
      case .loop(let loop): try run(loop, frame, into: &output, escaping)
      case .leaveLoop: return .leaveLoop
      case .nextIteration: return .nextIteration
      case .with, .filterBlock, .capture:
        let flow = try runScope(operation, frame, into: &output, escaping)
        if flow != .normal { return flow }
      default: try runQuietly(operation, frame, into: &output, escaping)
      }
      try check(byteCount: output.count)
    }
    return .normal
  }

  private mutating func condition(
    _ branches: [Operation.Branch], _ otherwise: [Operation], _ frame: Frame,
    into output: inout ByteBuffer, _ escaping: Escaping
  ) throws(RenderError) -> Flow {
    for branch in branches {
      let value = try evaluate(branch.test, frame)
      mark = branch.mark
      if try isTrue(value) { return try run(branch.body, frame, into: &output, escaping) }
    }
    return try run(otherwise, frame, into: &output, escaping)
  }

  private mutating func runScope(
    _ operation: Operation, _ frame: Frame, into output: inout ByteBuffer, _ escaping: Escaping
  ) throws(RenderError) -> Flow {
    switch operation {
    case .with(let entry, let values, let body, let mark):
      enter(entry, frame)
      for value in values {
        let result = try evaluate(value.value, frame)
        self.mark = mark
        try assign(result, to: value.target, frame)
      }
      let flow = try run(body, frame, into: &output, escaping)
      leave(entry, frame)
      return flow
    case .filterBlock(let entry, let body, let filter, let mark):
      enter(entry, frame)
      let captured = try capture(body, frame)
      guard captured.flow == .normal else { return captured.flow }
      let value = try evaluate(filter, frame, block: captured.text)
      self.mark = mark
      try printText(value, into: &output, escaping)
      leave(entry, frame)
      return .normal
    case .capture(let block): return try run(block, frame)
    default: return .normal
    }
  }

  /// Runs a block and gives its text to a variable, unless a loop is left in the middle.
  private mutating func run(
    _ block: Operation.Capture, _ frame: Frame
  ) throws(RenderError) -> Flow {
    enter(block.entry, frame)
    let captured = try capture(block.body, frame)
    guard captured.flow == .normal else { return captured.flow }
    var value = Value.string(captured.text)
    if let filter = block.filter { value = try evaluate(filter, frame, block: captured.text) }
    mark = block.mark
    try assign(value, to: block.target, frame)
    leave(block.entry, frame)
    return .normal
  }

  /// Runs statements that print nothing, or the result of one call.
  private mutating func runQuietly(
    _ operation: Operation, _ frame: Frame, into output: inout ByteBuffer, _ escaping: Escaping
  ) throws(RenderError) {
    switch operation {
    case .evaluate(let expression): _ = try evaluate(expression, frame)
    case .assign(let target, let expression, let mark):
      try checkNamespaces(target, frame)
      let value = try evaluate(expression, frame)
      self.mark = mark
      try assign(value, to: target, frame)
    case .macro(let macro, let slot): frame[slot] = .object(.macro(MacroValue(macro, in: frame)))
    case .callBlock(let body, let call, let mark):
      let caller = Value.object(.macro(MacroValue(body, in: frame)))
      let value = try evaluate(call, frame, mark, caller: caller)
      self.mark = mark
      try printText(value, into: &output, escaping)
    case .include(let inclusion): try include(inclusion, frame, into: &output, escaping)
    case .import(let inclusion, let slot):
      frame[slot] = .object(.module(try module(inclusion, frame)))
    case .fromImport(let inclusion, let names):
      let module = try module(inclusion, frame)
      for name in names { frame[name.slot] = member(name.name, of: module) }
    default: break
    }
  }

  /// Appends what a filter block or a call block made, which must be text.
  private mutating func printText(
    _ value: Value, into output: inout ByteBuffer, _ escaping: Escaping
  ) throws(RenderError) {
    guard value.isText else {
      throw wrongType("the block ends as \(kind(of: value)), not as text", hint: "add |string")
    }
    try emit(value, into: &output, escaping)
  }

  /// Runs statements and keeps what they print.
  mutating func capture(
    _ body: [Operation], _ frame: Frame
  ) throws(RenderError) -> (text: Text, flow: Flow) {
    var buffer = ByteBuffer()
    let flow = try run(body, frame, into: &buffer, .none)
    return (Text(bytes: Array(buffer.bytes)), flow)
  }

  /// Gives a value to a variable, or its elements to several.
  mutating func assign(
    _ value: Value, to target: Operation.Target, _ frame: Frame
  ) throws(RenderError) {
    switch target {
    case .slot(let slot): frame[slot] = value
    case .member(let owner, let name):
      guard case .object(.namespace(let namespace)) = try evaluate(owner, frame) else {
        throw notNamespace()
      }
      namespace.members.set(name, value)
    case .tuple(let targets):
      let values = try items(of: value, atMost: targets.count + 1)
      guard values.count == targets.count else {
        let found = values.count > targets.count ? "more" : "\(values.count)"
        throw badValue("\(targets.count) values are to be unpacked, but there are \(found)")
      }
      for (target, value) in zip(targets, values) { try assign(value, to: target, frame) }
    }
  }

  private mutating func checkNamespaces(
    _ target: Operation.Target, _ frame: Frame
  ) throws(RenderError) {
    switch target {
    case .slot: break
    case .member(let owner, _):
      guard case .object(.namespace) = try evaluate(owner, frame) else { throw notNamespace() }
    case .tuple(let targets): for target in targets { try checkNamespaces(target, frame) }
    }
  }

  private func notNamespace() -> RenderError {
    wrongType(
      "only the members of a namespace can be assigned",
      hint: "make one with {% set ns = namespace(…) %}")
  }
}
