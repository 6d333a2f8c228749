/// Calling functions, methods and macros.
extension Renderer {
  /// The result of a call; `caller` is what a call block hands over.
  mutating func evaluate(
    _ call: Call, _ frame: Frame, _ mark: Mark, caller: Value? = nil
  ) throws(RenderError) -> Value {
    let callee = try evaluate(call.callee, frame)
    var arguments = try evaluate(call.arguments, frame)
    if let caller {
      if arguments.named.contains(where: { $0.name == "caller" }) {
        throw wrongArgument("the argument 'caller' is given twice")
      }
      arguments.named.append(("caller", caller))
    }
    self.mark = mark
    return try self.call(callee, arguments)
  }

  /// The values of arguments.
  mutating func evaluate(
    _ list: ArgumentList, _ frame: Frame
  ) throws(RenderError) -> Arguments {
    var arguments = Arguments(positional: try evaluate(list.positional, frame))
    for argument in list.named {
      arguments.named.append((Text(argument.name), try evaluate(argument.value, frame)))
    }
    if let spread = list.spread {
      arguments.positional += try items(of: try evaluate(spread, frame))
    }
    if let spread = list.namedSpread {
      guard case .dict(let dict) = try evaluate(spread, frame).shallow else {
        throw wrongType("what stands after '**' must be a mapping")
      }
      for (key, value) in zip(dict.keys, dict.values) {
        guard let name = key.text else { throw wrongType("argument names must be text") }
        guard !arguments.named.contains(where: { $0.name == name }) else {
          throw wrongArgument("the argument '\(name.string)' is given twice")
        }
        arguments.named.append((name, value))
      }
    }
    return arguments
  }

  /// The values of the arguments of a filter or a test, by its parameters.
  mutating func evaluate(
    _ list: ArgumentList, _ frame: Frame, for parameters: Parameters, _ name: String
  ) throws(RenderError) -> Bound {
    if list.positional.isEmpty, list.named.isEmpty, list.spread == nil, list.namedSpread == nil,
      parameters.requiredCount == 0
    {
      return Bound.empty
    }
    return try bind(try evaluate(list, frame), to: parameters, of: "'\(name)'")
  }

  /// Sorts arguments into parameters.
  func bind(
    _ arguments: Arguments, to parameters: Parameters, of what: String
  ) throws(RenderError) -> Bound {
    let problem = parameters.problem(
      positionalCount: arguments.positional.count, names: arguments.named.map(\.name.string))
    if let problem { throw wrongArgument("\(what) \(problem)", hint: parameters.usage) }
    return Bound(arguments, parameters)
  }

  /// Calls a value.
  mutating func call(_ callee: Value, _ arguments: Arguments) throws(RenderError) -> Value {
    switch callee {
    case .undefined(let value): throw undefined(value)
    case .object(.function(let function)): return try call(function, arguments)
    case .object(.method(let method)):
      return try callMethod(method.name, of: method.owner, arguments)
    case .object(.macro(let macro)): return .string(try call(macro, arguments))
    case .object(.loop(let loop)):
      guard let recursion = loop.recursion else {
        throw wrongType(
          "'loop' can be called only in a recursive loop", hint: "{% for … in … recursive %}")
      }
      let bound = try bind(arguments, to: Parameters("iterable"), of: "'loop'")
      let text = try recurse(
        recursion.loop, over: bound[0] ?? .none, depth: loop.depth + 1, recursion.frame)
      return .string(text)
    case .object(.joiner(let joiner)):
      _ = try bind(arguments, to: Parameters(), of: "a joiner")
      defer { joiner.isUsed = true }
      return joiner.isUsed ? joiner.separator : .text("")
    default: throw wrongType("\(kind(of: callee)) cannot be called")
    }
  }

  private mutating func call(
    _ macro: MacroValue, _ arguments: Arguments
  ) throws(RenderError) -> Text {
    try descend()
    defer { ascend() }
    let program = macro.program
    var frame = Frame(
      slotCount: program.slotCount, parent: macro.frame, names: macro.frame.names)
    defer { leave(&frame) }
    try bind(arguments, to: program, in: frame)
    enter(program.entry, frame)
    let place = mark
    for parameter in program.parameters {
      guard case .missing = frame.slots[parameter.slot] else { continue }
      if let fallback = parameter.fallback {
        frame.slots[parameter.slot] = try evaluate(fallback, frame)
      } else {
        frame.slots[parameter.slot] = .undefined(
          UndefinedValue(
            name: parameter.name, reason: "the parameter '\(parameter.name)' was not provided",
            policy: policy))
      }
    }
    let text = try capture(program.body, frame).text
    mark = place
    return text
  }

  /// Gives a macro its arguments; parameters without argument stay missing.
  private func bind(
    _ arguments: Arguments, to program: MacroProgram, in frame: Frame
  ) throws(RenderError) {
    let name = program.name.map { "the macro '\($0)'" } ?? "the call block"
    var named = arguments.named
    var hasCaller = program.parameters.contains { $0.name == "caller" }
    for (position, parameter) in program.parameters.enumerated() {
      if position < arguments.positional.count {
        frame.slots[parameter.slot] = arguments.positional[position]
      } else if let index = named.firstIndex(where: { $0.name == Text(parameter.name) }) {
        frame.slots[parameter.slot] = named.remove(at: index).value
      }
    }
    if let slot = program.callerSlot, !hasCaller {
      hasCaller = true
      let index = named.firstIndex { $0.name == "caller" }
      frame.slots[slot] =
        index.map { named.remove(at: $0).value }
        ?? .undefined(
          UndefinedValue(name: "caller", reason: "no caller is defined", policy: policy))
    }
    if let slot = program.keywordsSlot {
      let keywords = DictValue()
      for argument in named { keywords.set(argument.name, argument.value) }
      frame.slots[slot] = .dict(keywords)
    } else if let surplus = named.first {
      throw wrongArgument("\(name) takes no argument '\(surplus.name.string)'")
    }
    let rest = arguments.positional.dropFirst(program.parameters.count)
    if let slot = program.restSlot {
      frame.slots[slot] = .tuple(Array(rest))
    } else if !rest.isEmpty {
      throw wrongArgument(
        "\(name) takes not more than \(program.parameters.count) argument(s)")
    }
  }
}
