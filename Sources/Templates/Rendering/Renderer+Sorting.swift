/// Sorting, stable, by keys that are compared like Python's.
extension Renderer {
  /// The values in the order of their keys.
  mutating func sorted(
    _ values: [Value], reverse: Bool = false,
    by key: (Value, inout Renderer) throws(RenderError) -> Value
  ) throws(RenderError) -> [Value] {
    var keyed: [(key: Value, value: Value)] = []
    keyed.reserveCapacity(values.count)
    for value in values { keyed.append((try key(value, &self), value)) }
    try sort(&keyed, 0..<keyed.count, reverse: reverse)
    return keyed.map(\.value)
  }

  private mutating func sort(
    _ items: inout [(key: Value, value: Value)], _ range: Range<Int>, reverse: Bool
  ) throws(RenderError) {
    guard range.count > 1 else { return }
    let middle = range.lowerBound + range.count / 2
    try sort(&items, range.lowerBound..<middle, reverse: reverse)
    try sort(&items, middle..<range.upperBound, reverse: reverse)
    var merged: [(key: Value, value: Value)] = []
    merged.reserveCapacity(range.count)
    var left = range.lowerBound
    var right = middle
    try count(iterations: range.count)
    while left < middle, right < range.upperBound {
      let isRightFirst =
        reverse
        ? try compare(items[left].key, .less, items[right].key)
        : try compare(items[right].key, .less, items[left].key)
      merged.append(items[isRightFirst ? right : left])
      if isRightFirst { right += 1 } else { left += 1 }
    }
    merged += items[left..<middle]
    merged += items[right..<range.upperBound]
    items.replaceSubrange(range, with: merged)
  }
}
