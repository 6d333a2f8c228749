/// Functions that every template knows, unless the record has a field of that name.
enum GlobalFunction: String, Sendable {
  case range, dict, namespace, cycler, joiner

  var name: String { rawValue }
}

extension Renderer {
  /// Calls a global function.
  mutating func call(
    _ function: GlobalFunction, _ arguments: Arguments
  ) throws(RenderError) -> Value {
    switch function {
    case .range: return try range(arguments)
    case .dict: return .dict(try dict(arguments, "dict"))
    case .namespace:
      let namespace = NamespaceValue()
      let members = try dict(arguments, "namespace")
      for (key, value) in zip(members.keys, members.values) {
        namespace.members.set(try hashKey(key), key, value)
      }
      return .object(.namespace(namespace))
    case .cycler:
      guard arguments.named.isEmpty, !arguments.positional.isEmpty else {
        throw wrongArgument("'cycler' needs at least one value, and no names")
      }
      return .object(.cycler(CyclerValue(arguments.positional)))
    case .joiner:
      let bound = try bind(arguments, to: Parameters("sep?"), of: "'joiner'")
      return .object(.joiner(JoinerValue(bound[0] ?? .text(", "))))
    }
  }

  private func range(_ arguments: Arguments) throws(RenderError) -> Value {
    guard arguments.named.isEmpty, (1...3).contains(arguments.positional.count) else {
      throw wrongArgument("'range' takes one to three integers")
    }
    var bounds: [Int] = []
    for value in arguments.positional { bounds.append(try integer(value, or: 0, "range")) }
    if bounds.count == 3, bounds[2] == 0 { throw badValue("the step of a range must not be 0") }
    return .range(
      RangeValue(
        start: bounds.count == 1 ? 0 : bounds[0], stop: bounds.count == 1 ? bounds[0] : bounds[1],
        step: bounds.count == 3 ? bounds[2] : 1))
  }

  /// `dict(mapping or pairs, name=value, …)`.
  private mutating func dict(
    _ arguments: Arguments, _ name: String
  ) throws(RenderError) -> DictValue {
    guard arguments.positional.count <= 1 else {
      throw wrongArgument("'\(name)' takes one mapping, and values by name")
    }
    let dict = DictValue()
    if let source = arguments.positional.first { try update(dict, with: source) }
    for argument in arguments.named { dict.set(argument.name, argument.value) }
    return dict
  }

  /// Adds the members of a mapping, or pairs.
  mutating func update(_ dict: DictValue, with source: Value) throws(RenderError) {
    if case .undefined(let missing) = source, missing.policy != .chainable {
      throw undefined(missing)
    }
    if case .dict(let other) = source.shallow {
      for (key, value) in zip(other.keys, other.values) {
        dict.set(try hashKey(key), key, value)
      }
      return
    }
    for pair in try items(of: source) {
      let items = try items(of: pair, atMost: 3)
      guard items.count == 2 else { throw badValue("a mapping is made of pairs") }
      dict.set(try hashKey(items[0]), items[0].loaded, items[1])
    }
  }
}
