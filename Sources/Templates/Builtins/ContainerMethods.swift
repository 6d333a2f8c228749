/// Methods of lists, tuples and dicts.
extension Renderer {
  /// Calls a method of a list.
  mutating func callList(
    _ name: String, of list: ListValue, _ arguments: Arguments
  ) throws(RenderError) -> Value {
    switch name {
    case "append":
      list.items.append(try only(arguments, name))
      return .none
    case "extend":
      list.items += try items(of: try only(arguments, name))
      return .none
    case "insert":
      let bound = try bindPositional(arguments, Parameters("index", "object"), name)
      let position = try integer(bound[0], or: 0, "index")
      let clamped = min(
        max(position < 0 ? position + list.items.count : position, 0), list.items.count)
      list.items.insert(bound[1] ?? .none, at: clamped)
      return .none
    case "pop":
      let bound = try bindPositional(arguments, Parameters("index?"), name)
      guard let position = position(bound[0] ?? .int(-1), list.items.count) else {
        throw badValue("there is no such element to take out")
      }
      return list.items.remove(at: position)
    case "remove":
      let element = try only(arguments, name)
      for position in list.items.indices
      where try isEqual(list.items[position], element) {
        list.items.remove(at: position)
        return .none
      }
      throw badValue("there is no such element to remove")
    case "clear", "copy", "reverse":
      _ = try bind(arguments, to: Parameters(), of: "'\(name)'")
      if name == "copy" { return .list(list.items) }
      if name == "clear" { list.items = [] } else { list.items.reverse() }
      return .none
    case "sort":
      guard arguments.positional.isEmpty else { throw wrongArgument("'sort' takes names only") }
      let bound = try bind(arguments, to: Parameters("key?", "reverse?"), of: "'sort'")
      guard bound.given(0) == nil else { throw unsupported("'sort' with a key is not supported") }
      let isReversed = try isTrue(bound[1] ?? .bool(false))
      list.items = try sorted(list.items, reverse: isReversed) {
        (item: Value, _: inout Renderer) in item
      }
      return .none
    default: return try callSequence(name, of: list.items, arguments)
    }
  }

  /// Binds arguments that may not be given by name.
  func bindPositional(
    _ arguments: Arguments, _ parameters: Parameters, _ name: String
  ) throws(RenderError) -> Bound {
    guard arguments.named.isEmpty else { throw wrongArgument("'\(name)' takes no names") }
    return try bind(arguments, to: parameters, of: "'\(name)'")
  }

  /// The only argument.
  func only(_ arguments: Arguments, _ name: String) throws(RenderError) -> Value {
    let bound = try bindPositional(arguments, Parameters("value"), name)
    return bound[0] ?? .none
  }

  /// Calls a method that lists and tuples have.
  mutating func callSequence(
    _ name: String, of items: [Value], _ arguments: Arguments
  ) throws(RenderError) -> Value {
    switch name {
    case "count":
      let element = try only(arguments, name)
      var count = 0
      for item in items where try isEqual(item, element) { count += 1 }
      return .int(count)
    case "index":
      let bound = try bindPositional(arguments, Parameters("value", "start?", "stop?"), name)
      let start = try integer(bound[1], or: 0, "start")
      let stop = try integer(bound[2], or: .max, "stop")
      let bounds = Slice(start, stop, 1).resolved(items.count)
      for position in stride(from: bounds.start, to: bounds.stop, by: 1)
      where try isEqual(items[position], bound[0] ?? .none) {
        return .int(position)
      }
      throw badValue("there is no such element")
    default: throw unsupported("the method '\(name)' is not supported")
    }
  }

  /// Calls a method of a dict.
  mutating func callDict(
    _ name: String, of dict: DictValue, _ arguments: Arguments
  ) throws(RenderError) -> Value {
    switch name {
    case "keys", "values", "items":
      _ = try bind(arguments, to: Parameters(), of: "'\(name)'")
      return .dictView(DictView(dict: dict, part: DictView.Part(rawValue: name) ?? .keys))
    case "get":
      let bound = try bindPositional(arguments, Parameters("key", "default?"), name)
      return dict.get(try hashKey(bound[0] ?? .none)) ?? bound[1] ?? .none
    case "copy":
      _ = try bind(arguments, to: Parameters(), of: "'copy'")
      return .dict(DictValue(copying: dict))
    case "clear":
      _ = try bind(arguments, to: Parameters(), of: "'clear'")
      dict.removeAll()
      return .none
    case "update":
      guard arguments.positional.count <= 1 else {
        throw wrongArgument("'update' takes one mapping")
      }
      if let source = arguments.positional.first { try update(dict, with: source) }
      for argument in arguments.named { dict.set(argument.name, argument.value) }
      return .none
    case "setdefault":
      let bound = try bindPositional(arguments, Parameters("key", "default?"), name)
      let key = bound[0] ?? .none
      if let known = dict.get(try hashKey(key)) { return known }
      dict.set(try hashKey(key), key, bound[1] ?? .none)
      return bound[1] ?? .none
    case "pop":
      let bound = try bindPositional(arguments, Parameters("key", "default?"), name)
      if let value = dict.remove(try hashKey(bound[0] ?? .none)) { return value }
      guard let fallback = bound[1] else { throw badValue("there is no such key to take out") }
      return fallback
    case "popitem":
      _ = try bind(arguments, to: Parameters(), of: "'popitem'")
      guard let key = dict.keys.last, let value = dict.remove(try hashKey(key)) else {
        throw badValue("there is nothing to take out of an empty mapping")
      }
      return .tuple([key, value])
    default: throw unsupported("the method '\(name)' is not supported")
    }
  }
}
