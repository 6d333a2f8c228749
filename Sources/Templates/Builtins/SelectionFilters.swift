/// Filters that pick, change, sort or group elements.
enum SelectionFilters {
  static let all: [Filter] = [
    Filter("map", Parameters(more: true, names: true), map),
    selection("select", hasAttribute: false, keeps: true),
    selection("reject", hasAttribute: false, keeps: false),
    selection("selectattr", hasAttribute: true, keeps: true),
    selection("rejectattr", hasAttribute: true, keeps: false),
    Filter("sort", Parameters("reverse?", "case_sensitive?", "attribute?"), sort),
    Filter("unique", Parameters("case_sensitive?", "attribute?"), unique),
    Filter("min", Parameters("case_sensitive?", "attribute?"), min),
    Filter("max", Parameters("case_sensitive?", "attribute?"), max),
    Filter("groupby", Parameters("attribute", "default?", "case_sensitive?"), groupBy),
  ]

  private typealias Change = (Value, inout Renderer) throws(RenderError) -> Value

  private static func map(
    _ renderer: inout Renderer, _ value: Value, _ arguments: Bound
  ) throws(RenderError) -> Value {
    var change: Change?
    var iterator: ValueIterator?
    return .iterator(
      .generator { (renderer: inout Renderer) throws(RenderError) -> Value? in
        if iterator == nil {
          guard try renderer.isTrue(value) else { return nil }
          change = try self.change(arguments, renderer)
          iterator = try renderer.iterator(over: value)
        }
        guard let item = try iterator?.next(&renderer) else { return nil }
        return try change?(item, &renderer)
      })
  }

  private static func change(
    _ arguments: Bound, _ renderer: Renderer
  ) throws(RenderError) -> Change {
    if arguments.rest.isEmpty,
      let attribute = arguments.others.first(where: { $0.name == "attribute" })
    {
      let fallback = arguments.others.first { $0.name == "default" }?.value
      guard arguments.others.count == (fallback == nil ? 1 : 2) else {
        throw renderer.wrongArgument("'map' takes 'attribute' and 'default', nothing else")
      }
      let path = try AttributePath(attribute.value, renderer)
      let replacement: Value? = if case .some(.none) = fallback { nil } else { fallback }
      return { (item: Value, renderer: inout Renderer) throws(RenderError) in
        try path.value(of: item, &renderer, or: replacement)
      }
    }
    guard let name = arguments.rest.first?.text?.string else {
      throw renderer.wrongArgument("'map' needs the name of a filter, or attribute=…")
    }
    guard let filter = Filter.named[name] else {
      throw renderer.wrongArgument(
        "there is no filter '\(name)'", hint: NearName.hint(for: name, among: Filter.named.keys))
    }
    let inner = Arguments(positional: Array(arguments.rest.dropFirst()), named: arguments.others)
    let bound = try renderer.bind(inner, to: filter.parameters, of: "the filter '\(name)'")
    return { (item: Value, renderer: inout Renderer) throws(RenderError) in
      try filter.apply(&renderer, item, bound)
    }
  }

  private static func selection(_ name: String, hasAttribute: Bool, keeps: Bool) -> Filter {
    Filter(name, Parameters(more: true, names: true)) {
      (renderer: inout Renderer, value: Value, arguments: Bound) throws(RenderError) -> Value in
      var test: ((Value, inout Renderer) throws(RenderError) -> Bool)?
      var iterator: ValueIterator?
      return .iterator(
        .generator { (renderer: inout Renderer) throws(RenderError) -> Value? in
          if iterator == nil {
            guard try renderer.isTrue(value) else { return nil }
            test = try self.test(arguments, hasAttribute: hasAttribute, renderer)
            iterator = try renderer.iterator(over: value)
          }
          while let item = try iterator?.next(&renderer) {
            if try test?(item, &renderer) == keeps { return item }
          }
          return nil
        })
    }
  }

  private static func test(
    _ arguments: Bound, hasAttribute: Bool, _ renderer: Renderer
  ) throws(RenderError) -> (Value, inout Renderer) throws(RenderError) -> Bool {
    var rest = arguments.rest[...]
    var path: AttributePath?
    if hasAttribute {
      guard let attribute = rest.popFirst() else {
        throw renderer.wrongArgument("the name of an attribute is missing")
      }
      path = try AttributePath(attribute, renderer)
    }
    func part(_ item: Value, _ renderer: inout Renderer) throws(RenderError) -> Value {
      try path.map { path throws(RenderError) in try path.value(of: item, &renderer) } ?? item
    }
    guard let name = rest.popFirst() else {
      return { (item: Value, renderer: inout Renderer) throws(RenderError) in
        try renderer.isTrue(try part(item, &renderer))
      }
    }
    guard let name = name.text?.string, let test = Test.named[name] else {
      throw renderer.wrongArgument("there is no test '\(name.text?.string ?? "")'")
    }
    let inner = Arguments(positional: Array(rest), named: arguments.others)
    let bound = try renderer.bind(inner, to: test.parameters, of: "the test '\(name)'")
    return { (item: Value, renderer: inout Renderer) throws(RenderError) in
      try test.apply(&renderer, try part(item, &renderer).loaded, bound)
    }
  }

  /// What values are compared by: an attribute, without regard to case unless wanted.
  private static func key(
    _ attribute: Value?, isSensitive: Value?, _ renderer: inout Renderer
  ) throws(RenderError) -> Change {
    let path = try attribute.map { path throws(RenderError) in try AttributePath(path, renderer) }
    let isSensitive = try renderer.isTrue(isSensitive ?? .bool(false))
    return { (item: Value, renderer: inout Renderer) throws(RenderError) in
      let part =
        try path.map { path throws(RenderError) in
          try path.value(of: item, &renderer)
        } ?? item
      return isSensitive ? part : part.ignoringCase
    }
  }

  private static func sort(
    _ renderer: inout Renderer, _ value: Value, _ arguments: Bound
  ) throws(RenderError) -> Value {
    let isReversed = try renderer.isTrue(arguments[0] ?? .bool(false))
    var keys: [Change] = []
    if let names = arguments.given(2)?.text {
      for name in names.parts(between: ",") {
        keys.append(try key(.string(name), isSensitive: arguments[1], &renderer))
      }
    } else {
      keys.append(try key(arguments.given(2), isSensitive: arguments[1], &renderer))
    }
    let items = try renderer.items(of: value)
    let sorted = try renderer.sorted(items, reverse: isReversed) {
      (item: Value, renderer: inout Renderer) throws(RenderError) -> Value in
      var parts: [Value] = []
      for key in keys { parts.append(try key(item, &renderer)) }
      return .list(parts)
    }
    return .list(sorted)
  }

  private static func unique(
    _ renderer: inout Renderer, _ value: Value, _ arguments: Bound
  ) throws(RenderError) -> Value {
    let key = try key(arguments.given(1), isSensitive: arguments[0], &renderer)
    var seen: Set<HashKey> = []
    var iterator: ValueIterator?
    return .iterator(
      .generator { (renderer: inout Renderer) throws(RenderError) -> Value? in
        if iterator == nil { iterator = try renderer.iterator(over: value) }
        while let item = try iterator?.next(&renderer) {
          if seen.insert(try renderer.hashKey(try key(item, &renderer))).inserted { return item }
        }
        return nil
      })
  }

  private static func min(
    _ renderer: inout Renderer, _ value: Value, _ arguments: Bound
  ) throws(RenderError) -> Value { try extreme(&renderer, value, arguments, .less) }

  private static func max(
    _ renderer: inout Renderer, _ value: Value, _ arguments: Bound
  ) throws(RenderError) -> Value { try extreme(&renderer, value, arguments, .greater) }

  private static func extreme(
    _ renderer: inout Renderer, _ value: Value, _ arguments: Bound, _ sign: ComparisonOperator
  ) throws(RenderError) -> Value {
    let key = try key(arguments.given(1), isSensitive: arguments[0], &renderer)
    let iterator = try renderer.iterator(over: value)
    guard var best = try iterator.next(&renderer) else {
      return renderer.undefinedValue(because: "there is no element, the sequence is empty")
    }
    var bestKey = try key(best, &renderer)
    while let item = try iterator.next(&renderer) {
      let itemKey = try key(item, &renderer)
      if try renderer.compare(itemKey, sign, bestKey) { (best, bestKey) = (item, itemKey) }
    }
    return best
  }

  private static func groupBy(
    _ renderer: inout Renderer, _ value: Value, _ arguments: Bound
  ) throws(RenderError) -> Value {
    let path = try AttributePath(arguments[0] ?? .none, renderer)
    let fallback = arguments.given(1)
    let isSensitive = try renderer.isTrue(arguments[2] ?? .bool(false))
    let key: Change = { (item: Value, renderer: inout Renderer) throws(RenderError) in
      let part = try path.value(of: item, &renderer, or: fallback)
      return isSensitive ? part : part.ignoringCase
    }
    let sorted = try renderer.sorted(try renderer.items(of: value), by: key)
    var groups: [(key: Value, items: [Value])] = []
    for item in sorted {
      let itemKey = try key(item, &renderer)
      if let last = groups.last, try renderer.isEqual(last.key, itemKey) {
        groups[groups.count - 1].items.append(item)
      } else {
        groups.append((itemKey, [item]))
      }
    }
    var result: [Value] = []
    for group in groups {
      // The group is called as its first element writes it.
      let name =
        isSensitive
        ? group.key : try path.value(of: group.items[0], &renderer, or: fallback)
      result.append(.tuple(TupleValue([name, .list(group.items)], isGroup: true)))
    }
    return .list(result)
  }
}
