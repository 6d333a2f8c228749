internal import Records

/// Filters on lists and mappings as a whole.
enum SequenceFilters {
  static let all: [Filter] = [
    Filter("first", first),
    Filter("last", last),
    Filter("reverse", reverse),
    Filter("batch", Parameters("linecount", "fill_with?"), batch),
    Filter("slice", Parameters("slices", "fill_with?"), slice),
    Filter("items", items),
    Filter("dictsort", Parameters("case_sensitive?", "by?", "reverse?"), dictSort),
    Filter("sum", Parameters("attribute?", "start?"), sum),
  ]

  private static func first(
    _ renderer: inout Renderer, _ value: Value, _ arguments: Bound
  ) throws(RenderError) -> Value {
    try renderer.iterator(over: value).next(&renderer)
      ?? renderer.undefinedValue(because: "there is no first element, the sequence is empty")
  }

  private static func last(
    _ renderer: inout Renderer, _ value: Value, _ arguments: Bound
  ) throws(RenderError) -> Value {
    try renderer.reversed(value).last
      ?? renderer.undefinedValue(because: "there is no last element, the sequence is empty")
  }

  private static func reverse(
    _ renderer: inout Renderer, _ value: Value, _ arguments: Bound
  ) throws(RenderError) -> Value {
    if let text = value.text { return .string(text.slice(Slice(nil, nil, -1))) }
    if case .iterator = value { return .list(try renderer.items(of: value).reversed()) }
    let items: [Value] = try renderer.reversed(value).reversed()
    return .iterator(ValueIterator(.items(items), kind: "reversed list"))
  }

  private static func batch(
    _ renderer: inout Renderer, _ value: Value, _ arguments: Bound
  ) throws(RenderError) -> Value {
    let size = arguments[0] ?? .none
    let filler = arguments.given(1)
    let iterator = try renderer.iterator(over: value)
    var pending: [Value] = []
    var isDone = false
    return .iterator(
      .generator { (renderer: inout Renderer) throws(RenderError) -> Value? in
        while !isDone {
          guard let item = try iterator.next(&renderer) else {
            isDone = true
            if pending.isEmpty { return nil }
            if let filler {
              let size = try renderer.integer(size, or: 0, "linecount")
              try renderer.count(iterations: max(size - pending.count, 0))
              while pending.count < size { pending.append(filler) }
            }
            return .list(pending)
          }
          let isFull = try renderer.isEqual(.int(pending.count), size)
          let full = pending
          if isFull { pending = [] }
          pending.append(item)
          if isFull { return .list(full) }
        }
        return nil
      })
  }

  private static func slice(
    _ renderer: inout Renderer, _ value: Value, _ arguments: Bound
  ) throws(RenderError) -> Value {
    let parts = arguments[0]
    let filler = arguments.given(1)
    var all: [Value]?
    var position = 0
    var start = 0
    return .iterator(
      .generator { (renderer: inout Renderer) throws(RenderError) -> Value? in
        if all == nil { all = try renderer.items(of: value) }
        let items = all ?? []
        let parts = try renderer.integer(parts, or: 0, "slices")
        guard parts != 0 else { throw renderer.badValue("'slices' must not be 0") }
        guard position < parts else { return nil }
        let surplus = items.count % parts
        let size = items.count / parts + (position < surplus ? 1 : 0)
        var part = Array(items[start..<start + size])
        if let filler, position >= surplus { part.append(filler) }
        start += size
        position += 1
        return .list(part)
      })
  }

  private static func items(
    _ renderer: inout Renderer, _ value: Value, _ arguments: Bound
  ) throws(RenderError) -> Value {
    let pairs: [Value]
    switch value.shallow {
    case .dict(let dict): pairs = DictView(dict: dict, part: .items).items
    case .undefined: pairs = []
    default: throw renderer.wrongType("'items' needs a mapping, not \(renderer.kind(of: value))")
    }
    return .iterator(ValueIterator(.items(pairs), kind: "generator"))
  }

  private static func dictSort(
    _ renderer: inout Renderer, _ value: Value, _ arguments: Bound
  ) throws(RenderError) -> Value {
    let isSensitive = try renderer.isTrue(arguments[0] ?? .bool(false))
    let by = arguments[1]?.text?.string ?? "key"
    guard by == "key" || by == "value" else {
      throw renderer.wrongArgument("'by' must be \"key\" or \"value\"")
    }
    let isReversed = try renderer.isTrue(arguments[2] ?? .bool(false))
    guard case .dict(let dict) = value.shallow else {
      if case .undefined(let missing) = value { throw renderer.undefined(missing) }
      throw renderer.wrongType("'dictsort' needs a mapping, not \(renderer.kind(of: value))")
    }
    let pairs = DictView(dict: dict, part: .items).items
    let sorted = try renderer.sorted(pairs, reverse: isReversed) {
      (pair: Value, _: inout Renderer) in
      guard case .tuple(let pair) = pair else { return .none }
      let key = pair.items[by == "key" ? 0 : 1]
      return isSensitive ? key : key.ignoringCase
    }
    return .list(sorted)
  }

  private static func sum(
    _ renderer: inout Renderer, _ value: Value, _ arguments: Bound
  ) throws(RenderError) -> Value {
    let path = try arguments.given(0).map { path throws(RenderError) in
      try AttributePath(path, renderer)
    }
    var total = arguments[1] ?? .int(0)
    if total.isText { throw renderer.wrongType("'sum' cannot add text", hint: "use 'join'") }
    let iterator = try renderer.iterator(over: value)
    while let item = try iterator.next(&renderer) {
      let addend =
        try path.map { path throws(RenderError) in
          try path.value(of: item, &renderer)
        } ?? item
      total = try renderer.apply(.add, total, addend)
    }
    return total
  }
}

extension ValueIterator {
  /// A generator.
  static func generator(
    _ next: @escaping (inout Renderer) throws(RenderError) -> Value?
  ) -> ValueIterator {
    ValueIterator(.made(next), kind: "generator")
  }
}

extension Value {
  /// Text in lower case, for comparing; other values as they are.
  var ignoringCase: Value {
    if let text { return .string(CaseMapping.lower(text)) }
    return self
  }
}

extension Renderer {
  /// The elements of what can be walked over backwards, in their order.
  mutating func reversed(_ value: Value) throws(RenderError) -> [Value] {
    switch value {
    case .iterator:
      throw wrongType(
        "what can be walked over once has no last element", hint: "make it a list first: …|list")
    default: return try items(of: value)
    }
  }
}
