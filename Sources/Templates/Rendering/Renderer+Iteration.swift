internal import Records

/// Walking over values.
extension Renderer {
  /// A walk over a value's elements.
  func iterator(over value: Value) throws(RenderError) -> ValueIterator {
    switch value {
    case .string(let text): return ValueIterator(.text(text))
    case .list(let list): return ValueIterator(.list(list))
    case .tuple(let tuple): return ValueIterator(.items(tuple.items))
    case .dict(let dict): return ValueIterator(.items(dict.keys))
    case .dictView(let view): return ValueIterator(.items(view.items))
    case .range(let range): return ValueIterator(.range(range))
    case .iterator(let iterator): return iterator
    case .view(let view):
      switch view.kind {
      case .array: return ValueIterator(.elements(view.elements))
      case .object where !view.node.flags.contains(.duplicateKeys):
        return ValueIterator(.members(view.members))
      case .object: return ValueIterator(.items(DictValue(view).keys))
      default: return ValueIterator(.text(Text(view)))
      }
    case .undefined(let missing):
      if missing.policy == .strict { throw undefined(missing) }
      return ValueIterator(.items([]))
    case .object(.method(let method)):
      throw wrongType(
        "\(method.name) is a method here, not a list",
        hint: "write \(method.name)() to call it, or [\"\(method.name)\"] for the member")
    case .object(.loop): throw unsupported("walking over 'loop' is not supported")
    default: throw wrongType("\(kind(of: value)) cannot be walked over")
    }
  }

  /// All elements of a value, or the first of them.
  mutating func items(
    of value: Value, atMost limit: Int = .max
  ) throws(RenderError) -> [Value] {
    switch value {
    case .list(let list):
      try count(iterations: list.items.count)
      return list.items
    case .tuple(let tuple): return tuple.items
    default: break
    }
    let iterator = try iterator(over: value)
    var items: [Value] = []
    while items.count < limit, let item = try iterator.next(&self) { items.append(item) }
    return items
  }
}
