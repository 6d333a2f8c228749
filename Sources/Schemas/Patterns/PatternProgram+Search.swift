/// Searching a text. Linear: each step looks at each operation at most once.
extension PatternProgram {
  /// Whether the expression matches anywhere in a text of well-formed UTF-8.
  func matches(
    _ text: UnsafeBufferPointer<UInt8>, using scratch: inout PatternScratch
  ) -> Bool {
    scratch.prepare(operations: operations.count, looks: looks.count, places: text.count + 1)
    for number in looks.indices { record(number, in: text, &scratch) }
    scratch.next.removeAll(keepingCapacity: true)
    scratch.beginStep()
    var position = 0
    while true {
      if position == 0 || !isAnchored, follow(entry, at: position, in: text, &scratch) {
        return true
      }
      if position == text.count || (isAnchored && scratch.next.isEmpty) { return false }
      let (value, length) = Self.scalar(in: text, at: position)
      position += length
      if advance(over: value, to: position, in: text, &scratch) { return true }
    }
  }

  /// Notes for each place whether a look succeeds there: its section is run against the direction
  /// of looking and may begin anywhere.
  private func record(
    _ number: Int, in text: UnsafeBufferPointer<UInt8>, _ scratch: inout PatternScratch
  ) {
    let look = looks[number]
    let first = number * (text.count + 1)
    scratch.next.removeAll(keepingCapacity: true)
    scratch.beginStep()
    var position = look.isBehind ? 0 : text.count
    var isFound = false
    while true {
      if follow(look.entry, at: position, in: text, &scratch) { isFound = true }
      if isFound { scratch.looks[first + position] = true }
      let value: UInt32
      let length: Int
      if look.isBehind {
        if position == text.count { return }
        (value, length) = Self.scalar(in: text, at: position)
        position += length
      } else {
        if position == 0 { return }
        (value, length) = Self.scalar(in: text, before: position)
        position -= length
      }
      isFound = advance(over: value, to: position, in: text, &scratch)
    }
  }

  /// Moves every operation that takes `value` on to `position`; tells whether one of them arrives
  /// at a match.
  private func advance(
    over value: UInt32, to position: Int, in text: UnsafeBufferPointer<UInt8>,
    _ scratch: inout PatternScratch
  ) -> Bool {
    swap(&scratch.current, &scratch.next)
    scratch.next.removeAll(keepingCapacity: true)
    scratch.beginStep()
    var isFound = false
    for index in 0..<scratch.current.count {
      let operation = scratch.current[index]
      let isTaken =
        switch operations[Int(operation)] {
        case .scalar(let wanted): wanted == value
        case .set(let set): sets[Int(set)].contains(value)
        default: false
        }
      if isTaken, follow(operation + 1, at: position, in: text, &scratch) { isFound = true }
    }
    return isFound
  }

  /// Adds to `scratch.next` the operations that take a scalar and can be reached without one; tells
  /// whether a match is among what can be reached.
  private func follow(
    _ start: Int32, at position: Int, in text: UnsafeBufferPointer<UInt8>,
    _ scratch: inout PatternScratch
  ) -> Bool {
    var isFound = false
    scratch.stack.append(start)
    while let index = scratch.stack.popLast() {
      if scratch.added[Int(index)] == scratch.step { continue }
      scratch.added[Int(index)] = scratch.step
      switch operations[Int(index)] {
      case .match: isFound = true
      case .jump(let target): scratch.stack.append(target)
      case .split(let first, let second):
        scratch.stack.append(second)
        scratch.stack.append(first)
      case .scalar, .set: scratch.next.append(index)
      case let assertion:
        if holds(assertion, at: position, in: text, scratch.looks) {
          scratch.stack.append(index + 1)
        }
      }
    }
    return isFound
  }

  private func holds(
    _ assertion: Operation, at position: Int, in text: UnsafeBufferPointer<UInt8>, _ found: [Bool]
  ) -> Bool {
    switch assertion {
    case .start: position == 0
    case .end: position == text.count
    case .wordBoundary(let isNegated):
      (Self.isWord(text, position - 1) != Self.isWord(text, position)) != isNegated
    case .look(let number, let isNegated):
      found[Int(number) * (text.count + 1) + position] != isNegated
    case .scalar, .set, .split, .jump, .match: false
    }
  }

  private static func isWord(_ text: UnsafeBufferPointer<UInt8>, _ position: Int) -> Bool {
    guard position >= 0, position < text.count else { return false }
    let byte = text[position]
    return byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 26 || byte == 0x5F
  }

  // MARK: UTF-8

  private static func scalar(
    in text: UnsafeBufferPointer<UInt8>, at start: Int
  ) -> (UInt32, Int) {
    let lead = text[start]
    if lead < 0x80 { return (UInt32(lead), 1) }
    let length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
    var value = UInt32(lead) & (0x7F >> UInt32(length))
    for offset in 1..<length { value = value << 6 | UInt32(text[start + offset] & 0x3F) }
    return (value, length)
  }

  private static func scalar(
    in text: UnsafeBufferPointer<UInt8>, before end: Int
  ) -> (UInt32, Int) {
    var start = end - 1
    while text[start] & 0xC0 == 0x80 { start -= 1 }
    return scalar(in: text, at: start)
  }
}
