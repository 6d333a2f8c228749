internal import Records

/// Equality, order and membership.
extension Renderer {
  /// Whether a comparison holds.
  mutating func compare(
    _ left: Value, _ sign: ComparisonOperator, _ right: Value
  ) throws(RenderError) -> Bool {
    switch sign {
    case .equal: return try isEqual(left, right)
    case .notEqual: return !(try isEqual(left, right))
    case .in: return try contains(right, left)
    case .notIn: return !(try contains(right, left))
    case .less: return try isOrdered(left, right, sign) { $0 < 0 }
    case .lessOrEqual: return try isOrdered(left, right, sign) { $0 <= 0 }
    case .greater: return try isOrdered(left, right, sign) { $0 > 0 }
    case .greaterOrEqual: return try isOrdered(left, right, sign) { $0 >= 0 }
    }
  }

  /// Whether two values are equal: numbers by value, text by bytes, lists and mappings by what is in them.
  mutating func isEqual(_ left: Value, _ right: Value) throws(RenderError) -> Bool {
    if case .undefined(let missing) = left, missing.policy == .strict { throw undefined(missing) }
    if case .undefined(let missing) = right, missing.policy == .strict { throw undefined(missing) }
    if let order = Numbers.order(left, right) { return order == .same }
    switch (left, right) {
    case (.none, .none): return true
    case (.string(let left), .string(let right)): return left == right
    case (.view(let view), .string(let text)) where view.kind == .string,
      (.string(let text), .view(let view)) where view.kind == .string:
      return text.bytes.withUnsafeBufferPointer { view.hasText($0) }
    case (.view(let left), .view(let right)) where left.kind == .string && right.kind == .string:
      return left.hasSameText(as: right)
    case (.undefined(let left), .undefined(let right)): return left.policy == right.policy
    case (.range(let left), .range(let right)):
      return left.count == right.count
        && (left.count == 0
          || left.start == right.start && (left.count == 1 || left.step == right.step))
    case (.object(let left), .object(let right)):
      if case .function(let left) = left, case .function(let right) = right { return left == right }
      return left.identity.map { $0 == right.identity } ?? false
    case (.iterator(let left), .iterator(let right)): return left === right
    default: return try isEqual(containers: left.shallow, right.shallow)
    }
  }

  private mutating func isEqual(
    containers left: Value, _ right: Value
  ) throws(RenderError) -> Bool {
    try descend()
    defer { ascend() }
    switch (left, right) {
    case (.list(let left), .list(let right)): return try isEqual(left.items, right.items)
    case (.tuple(let left), .tuple(let right)): return try isEqual(left.items, right.items)
    case (.dict(let left), .dict(let right)):
      guard left.count == right.count else { return false }
      for (key, value) in zip(left.keys, left.values) {
        guard let other = right.get(try hashKey(key)), try isEqual(value, other) else {
          return false
        }
      }
      return true
    case (.dictView(let left), .dictView(let right)):
      if left.part == .values || right.part == .values { return false }
      throw unsupported("comparing the keys or items of mappings is not supported")
    default: return false
    }
  }

  private mutating func isEqual(
    _ left: [Value], _ right: [Value]
  ) throws(RenderError) -> Bool {
    guard left.count == right.count else { return false }
    try count(iterations: left.count)
    for (first, second) in zip(left, right) where !(try isEqual(first, second)) { return false }
    return true
  }

  private mutating func isOrdered(
    _ left: Value, _ right: Value, _ sign: ComparisonOperator, _ test: (Int) -> Bool
  ) throws(RenderError) -> Bool {
    if let order = Numbers.order(left, right) {
      return order == .unordered ? false : test(order.rawValue)
    }
    switch (left.shallow, right.shallow) {
    case (.undefined(let missing), _), (_, .undefined(let missing)): throw undefined(missing)
    case (.dictView, .dictView): throw unsupported("comparing parts of mappings is not supported")
    case (.string(let left), .string(let right)):
      return test(left == right ? 0 : left < right ? -1 : 1)
    case (.list(let left), .list(let right)):
      return try isOrdered(left.items, right.items, sign, test)
    case (.tuple(let left), .tuple(let right)):
      return try isOrdered(left.items, right.items, sign, test)
    default:
      throw wrongType(
        "\(kind(of: left)) and \(kind(of: right)) cannot be compared with '\(sign.rawValue)'")
    }
  }

  /// Lists are ordered by the first elements that differ, else by length.
  private mutating func isOrdered(
    _ left: [Value], _ right: [Value], _ sign: ComparisonOperator, _ test: (Int) -> Bool
  ) throws(RenderError) -> Bool {
    try descend()
    defer { ascend() }
    for (first, second) in zip(left, right) where !(try isEqual(first, second)) {
      return try compare(first, sign, second)
    }
    return test(left.count == right.count ? 0 : left.count < right.count ? -1 : 1)
  }

  /// Whether `element in container`.
  mutating func contains(_ container: Value, _ element: Value) throws(RenderError) -> Bool {
    switch container {
    case .undefined(let missing):
      if missing.policy == .strict { throw undefined(missing) }
      return false
    case .string, .view:
      if let text = container.text {
        guard let part = element.text else {
          if case .undefined(let missing) = element { throw undefined(missing) }
          throw wrongType("only text can be in text, not \(kind(of: element))")
        }
        return ByteSearch.first(part.bytes, in: text.bytes, from: 0) != nil
      }
      return try contains(shallow: container.shallow, element)
    default: return try contains(shallow: container, element)
    }
  }

  private mutating func contains(
    shallow container: Value, _ element: Value
  ) throws(RenderError) -> Bool {
    switch container {
    case .dict(let dict): return dict.get(try hashKey(element)) != nil
    case .dictView(let view) where view.part == .keys:
      return view.dict.get(try hashKey(element)) != nil
    case .dictView(let view) where view.part == .items:
      guard case .tuple(let pair) = element, pair.items.count == 2,
        let value = view.dict.get(try hashKey(pair.items[0]))
      else { return false }
      return try isEqual(value, pair.items[1])
    case .range(let range):
      if let value = integer(element) { return range.contains(value) }
    case .object(.namespace): throw wrongType("a namespace cannot be searched")
    default: break
    }
    let iterator = try self.iterator(over: container)
    while let item = try iterator.next(&self) {
      if try isEqual(item, element) { return true }
    }
    return false
  }
}
