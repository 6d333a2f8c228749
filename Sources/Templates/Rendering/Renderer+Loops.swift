internal import Records

/// Running `for`.
extension Renderer {
  /// Runs a loop.
  mutating func run(
    _ loop: Loop, _ frame: Frame, into output: inout ByteBuffer, _ escaping: Escaping
  ) throws(RenderError) {
    let iterable = try evaluate(loop.iterable, frame)
    mark = loop.mark
    if loop.recursiveSlotCount == nil {
      try run(loop, over: iterable, depth: 0, outer: frame, frame, into: &output, escaping)
    } else {
      let text = try recurse(loop, over: iterable, depth: 0, frame)
      try emit(.string(text), into: &output, escaping)
    }
  }

  /// Runs the body of a recursive loop over other elements.
  mutating func recurse(
    _ loop: Loop, over iterable: Value, depth: Int, _ frame: Frame
  ) throws(RenderError) -> Text {
    try descend()
    defer { ascend() }
    var inner = Frame(slotCount: loop.recursiveSlotCount ?? 0, parent: frame, names: frame.names)
    defer { leave(&inner) }
    var buffer = ByteBuffer()
    try run(loop, over: iterable, depth: depth, outer: frame, inner, into: &buffer, .none)
    return Text(bytes: Array(buffer.bytes))
  }

  private mutating func run(
    _ loop: Loop, over iterable: Value, depth: Int, outer: Frame, _ frame: Frame,
    into output: inout ByteBuffer, _ escaping: Escaping
  ) throws(RenderError) {
    var iterator = try self.iterator(over: iterable)
    var source = iterable
    if let test = loop.test {
      iterator = filtered(iterator, test, frame)
      source = .iterator(iterator)
    }
    if let slot = loop.loopSlot { frame.slots[slot] = .missing }
    var hasRun = false
    if let slot = loop.loopSlot {
      let recursion = loop.recursiveSlotCount == nil ? nil : (loop, outer)
      let value = LoopValue(source, iterator, depth: depth, recursion: recursion)
      while let item = try value.advance(&self) {
        frame.slots[slot] = .object(.loop(value))
        guard try iterate(loop, item, frame, &hasRun, into: &output, escaping) else { break }
      }
    } else {
      while let item = try iterator.next(&self) {
        guard try iterate(loop, item, frame, &hasRun, into: &output, escaping) else { break }
      }
    }
    leave(loop.entry, frame)
    if !loop.otherwise.isEmpty, !hasRun {
      enter(loop.otherwiseEntry, frame)
      _ = try run(loop.otherwise, frame, into: &output, escaping)
      leave(loop.otherwiseEntry, frame)
    }
  }

  /// Runs the body once and says whether the loop goes on.
  ///
  /// `hasRun` becomes true when the body ran to its end: as in Jinja, a loop whose every turn ends in
  /// `break` or `continue` runs its `else` too.
  private mutating func iterate(
    _ loop: Loop, _ item: Value, _ frame: Frame, _ hasRun: inout Bool,
    into output: inout ByteBuffer, _ escaping: Escaping
  ) throws(RenderError) -> Bool {
    mark = loop.mark
    try assign(item, to: loop.target, frame)
    enter(loop.entry, frame)
    let flow = try run(loop.body, frame, into: &output, escaping)
    if flow == .normal { hasRun = true }
    return flow != .leaveLoop
  }

  /// The elements that pass the `if` of a loop.
  private func filtered(
    _ iterator: ValueIterator, _ test: LoopTest, _ frame: Frame
  ) -> ValueIterator {
    var hasStarted = false
    let next: (inout Renderer) throws(RenderError) -> Value? = {
      (renderer: inout Renderer) throws(RenderError) -> Value? in
      if !hasStarted {
        hasStarted = true
        renderer.enter(test.entry, frame)
      }
      while let item = try iterator.next(&renderer) {
        renderer.mark = test.mark
        try renderer.assign(item, to: test.target, frame)
        if try renderer.isTrue(try renderer.evaluate(test.condition, frame)) { return item }
      }
      return nil
    }
    return ValueIterator(.made(next), kind: "generator")
  }
}
