internal import Records

/// What is true, how long values are, what they are called.
extension Renderer {
  /// Whether a value counts as true.
  mutating func isTrue(_ value: Value) throws(RenderError) -> Bool {
    switch value {
    case .none, .missing: return false
    case .bool(let value): return value
    case .int(let value): return value != 0
    case .big: return true
    case .float(let value): return value != 0
    case .string(let text): return !text.isEmpty
    case .list(let list): return !list.items.isEmpty
    case .tuple(let tuple): return !tuple.items.isEmpty
    case .dict(let dict): return dict.count > 0
    case .dictView(let view): return view.dict.count > 0
    case .range(let range): return range.count > 0
    case .iterator: return true
    case .view(let view): return view.kind == .string ? !view.rawBytes.isEmpty : view.count > 0
    case .undefined(let missing):
      if missing.policy == .strict { throw undefined(missing) }
      return false
    case .object(.loop(let loop)): return try loop.length(&self) > 0
    case .object: return true
    }
  }

  /// The number of elements of a value, nil when it has no length.
  mutating func lengthIfKnown(_ value: Value) throws(RenderError) -> Int? {
    switch value {
    case .string(let text): return text.count
    case .list(let list): return list.items.count
    case .tuple(let tuple): return tuple.items.count
    case .dict(let dict): return dict.count
    case .dictView(let view): return view.dict.count
    case .range(let range): return range.count
    case .view(let view):
      guard view.kind != .string else { return Text(view).count }
      return view.node.flags.contains(.duplicateKeys) ? DictValue(view).count : view.count
    case .undefined(let missing):
      if missing.policy == .strict { throw undefined(missing) }
      return 0
    case .object(.loop(let loop)): return try loop.length(&self)
    default: return nil
    }
  }

  /// What a message calls a value.
  func kind(of value: Value) -> String {
    switch value {
    case .none: "None"
    case .bool: "a Boolean"
    case .int, .big: "an integer"
    case .float: "a number"
    case .string: "text"
    case .list: "a list"
    case .tuple: "a tuple"
    case .dict: "a mapping"
    case .dictView(let view): "the \(view.part.rawValue) of a mapping"
    case .range: "a range"
    case .iterator: "what can be walked over once"
    case .view(let view):
      switch view.kind {
      case .array: "a list"
      case .object: "a mapping"
      default: "text"
      }
    case .undefined: "an undefined value"
    case .object(let object): object.kind
    case .missing: "nothing"
    }
  }

  /// The value as an integer, where Python would take one; nil otherwise.
  func integer(_ value: Value) -> Int? {
    switch value {
    case .int(let value): value
    case .bool(let value): value ? 1 : 0
    default: nil
    }
  }

  /// An argument that must be an integer.
  func integer(_ value: Value?, or fallback: Int, _ name: String) throws(RenderError) -> Int {
    guard let value else { return fallback }
    if case .undefined(let missing) = value { throw undefined(missing) }
    guard let integer = integer(value) else {
      throw wrongArgument("'\(name)' must be an integer, not \(kind(of: value))")
    }
    return integer
  }

  /// What a key of a dict is compared by.
  func hashKey(_ value: Value) throws(RenderError) -> HashKey {
    switch value.loaded {
    case .none: return .none
    case .bool(let value): return .int(value ? 1 : 0)
    case .int(let value): return .int(value)
    case .big(let value): return .big(value)
    case .float(let value):
      guard value.isFinite, value == value.rounded() else { return .float(value.bitPattern) }
      let whole = Value(BigInteger(truncating: value))
      return try hashKey(whole)
    case .string(let text): return .text(text)
    case .tuple(let tuple):
      var keys: [HashKey] = []
      for item in tuple.items { keys.append(try hashKey(item)) }
      return .tuple(keys)
    case .range(let range): return .tuple([.int(range.count), .int(range.start), .int(range.step)])
    case .undefined(let missing):
      if missing.policy == .strict { throw undefined(missing) }
      return .undefined
    case .object(.namespace(let value)): return .object(ObjectIdentifier(value))
    case .object(let object):
      guard let identity = object.identity else {
        throw unsupported("\(object.kind) as a key is not supported")
      }
      return .object(identity)
    default: throw wrongType("\(kind(of: value)) cannot be a key")
    }
  }
}
