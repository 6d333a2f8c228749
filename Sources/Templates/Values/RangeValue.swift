/// `range(start, stop, step)`: integers that are not made before somebody wants them.
struct RangeValue: Hashable {
  let start: Int
  let stop: Int
  /// Not zero.
  let step: Int

  /// The number of elements.
  var count: Int {
    if step > 0 {
      guard stop > start else { return 0 }
      return Int((UInt(bitPattern: stop &- start) - 1) / UInt(step)) + 1
    }
    guard stop < start else { return 0 }
    return Int((UInt(bitPattern: start &- stop) - 1) / step.magnitude) + 1
  }

  /// The element at a position from 0.
  subscript(_ position: Int) -> Int { start &+ position &* step }

  func contains(_ value: Int) -> Bool {
    if step > 0 {
      return value >= start && value < stop && (value - start) % step == 0
    }
    return value <= start && value > stop && (start - value) % -step == 0
  }
}
