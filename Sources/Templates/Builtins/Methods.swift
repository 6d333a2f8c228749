internal import Records

/// The methods and members that values have themselves.
enum Methods {
  static let dict: Set<String> = [
    "clear", "copy", "fromkeys", "get", "items", "keys", "pop", "popitem", "setdefault", "update",
    "values",
  ]
  static let list: Set<String> = [
    "append", "clear", "copy", "count", "extend", "index", "insert", "pop", "remove", "reverse",
    "sort",
  ]
  static let tuple: Set<String> = ["count", "index"]
  static let string: Set<String> = [
    "capitalize", "casefold", "center", "count", "encode", "endswith", "expandtabs", "find",
    "format", "format_map", "index", "isalnum", "isalpha", "isascii", "isdecimal", "isdigit",
    "isidentifier", "islower", "isnumeric", "isprintable", "isspace", "istitle", "isupper",
    "join", "ljust", "lower", "lstrip", "maketrans", "partition", "removeprefix", "removesuffix",
    "replace", "rfind", "rindex", "rjust", "rpartition", "rsplit", "rstrip", "split",
    "splitlines", "startswith", "strip", "swapcase", "title", "translate", "upper", "zfill",
  ]
  static let integer: Set<String> = [
    "as_integer_ratio", "bit_count", "bit_length", "conjugate", "from_bytes", "to_bytes",
  ]
  static let float: Set<String> = ["as_integer_ratio", "conjugate", "fromhex", "hex", "is_integer"]
  static let cycler: Set<String> = ["next", "reset"]
  static let loop: Set<String> = ["cycle", "changed"]
  static let markup: Set<String> = ["unescape", "striptags", "escape"]
  static let dictView: Set<String> = ["isdisjoint", "mapping"]
  static let iterator: Set<String> = [
    "send", "throw", "close", "gi_code", "gi_frame", "gi_running",
  ]
}

extension Renderer {
  /// A member or method that a value has itself, nil when it has none of that name.
  mutating func ownMember(_ name: String, of value: Value) throws(RenderError) -> Value? {
    if name.hasPrefix("__"), name.hasSuffix("__") {
      if case .undefined(let missing) = value { throw undefined(missing) }
      throw unsupported("the inner members of Python ('\(name)') are not supported")
    }
    let names: Set<String>
    switch value {
    case .dict: names = Methods.dict
    case .list: names = Methods.list
    case .string(let text):
      names = text.isMarkup ? Methods.string.union(Methods.markup) : Methods.string
    case .view(let view):
      names =
        view.kind == .object
        ? Methods.dict : view.kind == .array ? Methods.list : Methods.string
    case .tuple(let tuple):
      if tuple.isGroup, name == "grouper" { return tuple.items[0] }
      if tuple.isGroup, name == "list" { return tuple.items[1] }
      names = Methods.tuple
    case .range(let range):
      switch name {
      case "start": return .int(range.start)
      case "stop": return .int(range.stop)
      case "step": return .int(range.step)
      default: names = Methods.tuple
      }
    case .int, .big, .bool:
      switch name {
      case "real", "numerator": return Numbers.number(value)
      case "imag": return .int(0)
      case "denominator": return .int(1)
      default: names = Methods.integer
      }
    case .float(let number):
      if name == "real" { return .float(number) }
      if name == "imag" { return .float(0) }
      names = Methods.float
    case .dictView: names = Methods.dictView
    case .iterator: names = Methods.iterator
    case .undefined(let missing):
      if name == "_undefined_name" { return missing.name.map { .text($0) } ?? Value.none }
      if missing.policy == .chainable { return value }
      throw undefined(missing)
    case .object(let object): return try ownMember(name, of: object)
    case .none, .missing: return nil
    }
    return names.contains(name) ? .object(.method(BoundMethod(owner: value, name: name))) : nil
  }

  private mutating func ownMember(
    _ name: String, of object: TemplateObject
  ) throws(RenderError) -> Value? {
    switch object {
    case .namespace(let namespace): return namespace.members.get(name)
    case .module(let module): return member(Text(name), of: module)
    case .loop(let loop): return try member(name, of: loop)
    case .macro(let macro):
      let program = macro.program
      switch name {
      case "name": return program.name.map { .text($0) } ?? Value.none
      case "arguments": return .tuple(program.parameters.map { .text($0.name) })
      case "catch_kwargs": return .bool(program.keywordsSlot != nil)
      case "catch_varargs": return .bool(program.restSlot != nil)
      case "caller": return .bool(program.callerSlot != nil)
      default: return nil
      }
    case .cycler(let cycler):
      switch name {
      case "current": return cycler.items[cycler.position]
      case "items": return .tuple(cycler.items)
      case "pos": return .int(cycler.position)
      default:
        guard Methods.cycler.contains(name) else { return nil }
        return .object(.method(BoundMethod(owner: .object(object), name: name)))
      }
    case .joiner(let joiner):
      if name == "sep" { return joiner.separator }
      return name == "used" ? .bool(joiner.isUsed) : nil
    case .function, .method:
      throw unsupported("members of \(object.kind) are not supported")
    }
  }

  /// `loop.index` and the others.
  private mutating func member(
    _ name: String, of loop: LoopValue
  ) throws(RenderError) -> Value? {
    switch name {
    case "index": return .int(loop.position + 1)
    case "index0": return .int(loop.position)
    case "revindex": return .int(try loop.length(&self) - loop.position)
    case "revindex0": return .int(try loop.length(&self) - loop.position - 1)
    case "first": return .bool(loop.position == 0)
    case "last": return .bool(try loop.next(&self) == nil)
    case "length": return .int(try loop.length(&self))
    case "depth": return .int(loop.depth + 1)
    case "depth0": return .int(loop.depth)
    case "previtem":
      if loop.position == 0 { return undefinedValue(because: "there is no previous item") }
      return loop.previous
    case "nextitem":
      return try loop.next(&self) ?? undefinedValue(because: "there is no next item")
    default:
      guard Methods.loop.contains(name) else { return nil }
      return .object(.method(BoundMethod(owner: .object(.loop(loop)), name: name)))
    }
  }

  /// Calls a method.
  mutating func callMethod(
    _ name: String, of owner: Value, _ arguments: Arguments
  ) throws(RenderError) -> Value {
    switch owner {
    case .string(let text): return try callText(name, of: text, arguments)
    case .list(let list): return try callList(name, of: list, arguments)
    case .dict(let dict): return try callDict(name, of: dict, arguments)
    case .tuple(let tuple): return try callSequence(name, of: tuple.items, arguments)
    case .range(let range):
      try count(iterations: range.count)
      return try callSequence(name, of: (0..<range.count).map { .int(range[$0]) }, arguments)
    case .view(let view):
      if view.kind == .string { return try callText(name, of: Text(view), arguments) }
      return try callView(name, of: owner.shallow, arguments)
    case .object(.loop(let loop)): return try callLoop(name, of: loop, arguments)
    case .object(.cycler(let cycler)):
      _ = try bind(arguments, to: Parameters(), of: "'\(name)'")
      let current = cycler.items[cycler.position]
      cycler.position = name == "next" ? (cycler.position + 1) % cycler.items.count : 0
      return name == "next" ? current : .none
    case .float(let number) where name == "is_integer":
      _ = try bind(arguments, to: Parameters(), of: "'\(name)'")
      return .bool(number == number.rounded() && number.isFinite)
    case .int(let number) where name == "bit_length":
      _ = try bind(arguments, to: Parameters(), of: "'\(name)'")
      return .int(BigInteger(number).bitWidth)
    default: throw unsupported("the method '\(name)' of \(kind(of: owner)) is not supported")
    }
  }

  /// A value of the scope is looked at, never changed: the next look would not see the change.
  private mutating func callView(
    _ name: String, of owner: Value, _ arguments: Arguments
  ) throws(RenderError) -> Value {
    let changing: Set<String> = [
      "append", "clear", "extend", "insert", "pop", "popitem", "remove", "reverse", "setdefault",
      "sort", "update",
    ]
    if changing.contains(name) {
      throw unsupported(
        "'\(name)' would change the record, which is not supported",
        hint: "work on a copy: {% set copy = value.copy() %}")
    }
    return try callMethod(name, of: owner, arguments)
  }

  private mutating func callLoop(
    _ name: String, of loop: LoopValue, _ arguments: Arguments
  ) throws(RenderError) -> Value {
    guard arguments.named.isEmpty else { throw wrongArgument("'\(name)' takes no names") }
    if name == "cycle" {
      guard !arguments.positional.isEmpty else {
        throw wrongArgument("'cycle' needs at least one value")
      }
      return arguments.positional[loop.position % arguments.positional.count]
    }
    if let last = loop.lastChanged,
      try isEqual(.tuple(last), .tuple(arguments.positional))
    {
      return .bool(false)
    }
    loop.lastChanged = arguments.positional
    return .bool(true)
  }
}
