internal import Records

/// Files that a template includes or imports.
extension Renderer {
  /// Prints a file.
  mutating func include(
    _ inclusion: Operation.Inclusion, _ frame: Frame, into output: inout ByteBuffer,
    _ escaping: Escaping
  ) throws(RenderError) {
    mark = inclusion.mark
    guard let index = inclusion.unit, let unit = program?.units[index] else { return }
    try descend()
    defer { ascend() }
    var inner = Frame(
      slotCount: unit.slotCount, parent: nil, names: names(for: inclusion, frame))
    defer { leave(&inner) }
    enter(unit.entry, inner)
    _ = try run(unit.body, inner, into: &output, escaping)
  }

  /// Runs a file for its macros and variables.
  mutating func module(
    _ inclusion: Operation.Inclusion, _ frame: Frame
  ) throws(RenderError) -> ModuleValue {
    mark = inclusion.mark
    guard let index = inclusion.unit, let unit = program?.units[index] else {
      preconditionFailure("an import without file is refused when it is compiled")
    }
    try descend()
    defer { ascend() }
    var inner = Frame(
      slotCount: unit.slotCount, parent: nil, names: names(for: inclusion, frame))
    defer { leave(&inner) }
    enter(unit.entry, inner)
    let text = try capture(unit.body, inner).text
    let members = DictValue()
    for export in unit.exports {
      if case .missing = inner.slots[export.slot] { continue }
      members.set(export.name, inner.slots[export.slot])
    }
    return ModuleValue(name: unit.name, members: members, text: text)
  }

  /// What a file sees.
  private func names(for inclusion: Operation.Inclusion, _ frame: Frame) -> NameContext {
    guard inclusion.withContext else {
      return NameContext(given: [:], parent: nil, seesRecord: false)
    }
    var given: [Text: Value] = [:]
    for variable in inclusion.visible {
      let value = frame[variable.slot]
      if case .missing = value { continue }
      given[variable.name] = value
    }
    return NameContext(
      given: given, parent: frame.names, seesRecord: frame.names?.seesRecord ?? true)
  }

  /// A member of an imported template.
  func member(_ name: Text, of module: ModuleValue) -> Value {
    if let value = module.members.get(.text(name)) { return value }
    return .undefined(
      UndefinedValue(
        name: name.string,
        reason: "the template '\(module.name)' does not export '\(name.string)'", policy: policy))
  }
}
