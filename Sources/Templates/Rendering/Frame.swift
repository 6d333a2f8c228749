/// The variables of one activation: of the template, a macro, the body of a recursive loop.
final class Frame {
  var slots: [Value]
  let parent: Frame?
  /// What names mean that nothing in the file assigns; nil in the template itself, where they come from the
  /// record.
  let names: NameContext?

  init(slotCount: Int, parent: Frame?, names: NameContext?) {
    slots = Array(repeating: .missing, count: slotCount)
    self.parent = parent
    self.names = names
  }

  subscript(_ reference: SlotReference) -> Value {
    get { frame(up: reference.up).slots[reference.slot] }
    set { frame(up: reference.up).slots[reference.slot] = newValue }
  }

  /// Lets go of what the variables hold.
  func empty() {
    for slot in slots.indices { slots[slot] = .missing }
  }

  private func frame(up count: Int) -> Frame {
    var frame = self
    for _ in 0..<count {
      guard let parent = frame.parent else { preconditionFailure("a function knows its depth") }
      frame = parent
    }
    return frame
  }
}

/// What an included or imported file sees of the template around it.
final class NameContext {
  /// Variables handed over.
  let given: [Text: Value]
  let parent: NameContext?
  /// Whether the record is seen behind it all.
  let seesRecord: Bool

  init(given: [Text: Value], parent: NameContext?, seesRecord: Bool) {
    self.given = given
    self.parent = parent
    self.seesRecord = seesRecord
  }

  /// The variable of a name, nil when only the record can know it.
  func find(_ name: Text) -> Value? {
    given[name] ?? parent?.find(name)
  }
}
