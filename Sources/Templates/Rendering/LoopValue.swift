/// `loop` inside a `for`.
final class LoopValue {
  private let iterable: Value
  private let iterator: ValueIterator
  /// Elements that were read ahead.
  private var ahead: [Value] = []
  private var isExhausted = false
  private var knownLength: Int?
  private var present = Value.missing
  private(set) var previous = Value.missing
  var lastChanged: [Value]?
  /// The position of the present element, from 0; -1 before the first.
  private(set) var position = -1
  /// How deep a recursive loop is, from 0.
  let depth: Int
  /// What `loop(…)` runs, for recursive loops.
  let recursion: (loop: Loop, frame: Frame)?

  init(
    _ iterable: Value, _ iterator: ValueIterator, depth: Int = 0,
    recursion: (loop: Loop, frame: Frame)? = nil
  ) {
    self.iterable = iterable
    self.iterator = iterator
    self.depth = depth
    self.recursion = recursion
  }

  /// Goes on to the next element, nil at the end.
  func advance(_ renderer: inout Renderer) throws(RenderError) -> Value? {
    let next = ahead.isEmpty ? try read(&renderer) : ahead.removeFirst()
    guard let next else { return nil }
    position += 1
    previous = present
    present = next
    return next
  }

  private func read(_ renderer: inout Renderer) throws(RenderError) -> Value? {
    guard !isExhausted else { return nil }
    let next = try iterator.next(&renderer)
    isExhausted = next == nil
    return next
  }

  /// The element after the present one, nil at the end.
  func next(_ renderer: inout Renderer) throws(RenderError) -> Value? {
    if ahead.isEmpty, let next = try read(&renderer) { ahead.append(next) }
    return ahead.first
  }

  /// The number of elements; what has no length is read to its end.
  func length(_ renderer: inout Renderer) throws(RenderError) -> Int {
    if let knownLength { return knownLength }
    var length = try renderer.lengthIfKnown(iterable)
    if length == nil {
      while let next = try read(&renderer) { ahead.append(next) }
      length = position + 1 + ahead.count
    }
    knownLength = length
    return length ?? 0
  }
}
