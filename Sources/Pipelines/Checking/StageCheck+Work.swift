internal import Records
internal import Templates

extension StageCheck {
  /// Whether the stage asks a model.
  var isAsking: Bool { stage.written("load") != nil }

  /// Checks that a stage either asks, with a prompt, or calculates, with `set`.
  func checkWork(into diagnostics: inout DiagnosticList) {
    let transform = stage.section("transform")
    guard stage.section("extract").node != nil || transform.node != nil || isAsking else { return }
    if isAsking {
      if transform.node != nil, transform.written("prompt") == nil {
        diagnostics.error(
          .missingKey, at: transform.place, "'transform' lacks the key 'prompt'",
          hint: "template of the user message")
      }
      guard let set = transform.written("set") else { return }
      diagnostics.error(
        .conflictingKeys, at: set.place, "a stage with 'load' has an answer, and nothing to 'set'",
        hint: "'set' it under 'merge', or in a stage without 'load' that reads this one")
      return
    }
    guard transform.written("set") != nil else {
      diagnostics.error(
        .missingKey, at: stage.place, "'stages.\(name)' lacks the key 'load'",
        hint: "which model is asked, and how; or 'set' under 'transform', if none is")
      return
    }
    for key in ["system", "messages", "attachments", "prompt"] {
      guard let node = transform.written(key) else { continue }
      diagnostics.error(
        .misplacedKey, at: node.place, "the key '\(key)' means nothing in a stage without 'load'",
        hint: "nobody is asked there")
    }
  }

  /// Checks the fields that `set` calculates; without those that are wrong.
  func checkSet(
    _ section: Section, _ scope: ReadsCheck, into diagnostics: inout DiagnosticList
  ) -> [(name: String, value: Compiled<CompiledExpression>)] {
    section.pairs("set").compactMap { pair in
      guard let scalar = pair.value.scalar, !scalar.isNull else { return nil }
      let text = LocatedText(scalar: scalar, place: pair.value.place)
      guard
        let value = compiler.expression(text, name: "\(name).set.\(pair.name)", into: &diagnostics)
      else { return nil }
      scope.check(value.reads, value.origin, into: &diagnostics)
      return (pair.name, value)
    }
  }
}
