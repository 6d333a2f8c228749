internal import Templates

extension StageCheck {
  /// The filter; nil when there is none or it is wrong.
  func checkFilter(
    _ reads: ReadsCheck, into diagnostics: inout DiagnosticList
  ) -> Compiled<CompiledExpression>? {
    guard let text = stage.section("extract").text("where"),
      let filter = compiler.expression(text, name: "\(name).where", into: &diagnostics)
    else { return nil }
    reads.check(filter.reads, filter.origin, into: &diagnostics)
    return filter
  }

  /// The system text or the prompt; nil when there is none or it is wrong.
  mutating func checkTemplate(
    _ key: String, _ reads: ReadsCheck, into diagnostics: inout DiagnosticList
  ) -> Compiled<CompiledTemplate>? {
    guard let (text, origin) = templateText(key, into: &diagnostics) else { return nil }
    return compiler.template(text, origin, checking: reads, into: &diagnostics)
  }

  /// Warns of a prompt that is the same for every record.
  func warnIfConstant(
    _ prompt: Compiled<CompiledTemplate>, beside others: [FieldReads],
    into diagnostics: inout DiagnosticList
  ) {
    let readsNothing = ([prompt.reads] + others).allSatisfy(\.isConstant)
    guard readsNothing, let node = stage.section("transform").written("prompt") else { return }
    diagnostics.warning(
      .constantPrompt, at: node.place,
      "the prompt reads nothing of the record: all records ask the same",
      hint: "name a field in double braces, such as {{ text }}")
  }

  /// The turns before the prompt; without those that are wrong.
  func checkMessages(
    _ reads: ReadsCheck, into diagnostics: inout DiagnosticList
  ) -> [Compiled<CompiledTemplate>] {
    let turns = stage.section("transform").elements("messages")
    var templates: [Compiled<CompiledTemplate>] = []
    for (number, turn) in turns.enumerated() {
      let role = number % 2 == 0 ? "user" : "assistant"
      guard let pair = turn.pairs?.first, ["user", "assistant"].contains(pair.name) else {
        continue
      }
      if pair.name != role {
        diagnostics.error(
          .turnOrder, at: pair.place, "turn \(number + 1) of 'messages' must be the \(role)'s",
          hint: "the turns are user, assistant, user, assistant, and 'prompt' follows as the user's"
        )
      }
      let section = Section(turn, .turn, at: turn.place)
      guard let text = section.text(pair.name) else { continue }
      let origin = CodeOrigin(text, name: "\(name).messages.\(number + 1)", in: context)
      guard
        let template = compiler.template(text.text, origin, checking: reads, into: &diagnostics)
      else { continue }
      templates.append(template)
    }
    if turns.count % 2 == 1, let last = turns.last {
      diagnostics.error(
        .turnOrder, at: last.place, "'messages' ends with the user's turn, and 'prompt' is one too",
        hint: "add what the model answers to it: {assistant: …}")
    }
    return templates
  }

  /// What is shown with the prompt; without what is wrong.
  func checkAttachments(
    _ reads: ReadsCheck, into diagnostics: inout DiagnosticList
  ) -> [Compiled<CompiledTemplate>] {
    let nodes = stage.section("transform").elements("attachments")
    return nodes.enumerated().compactMap { number, node in
      guard let scalar = node.scalar, !scalar.isNull else { return nil }
      let text = LocatedText(scalar: scalar, place: node.place)
      let origin = CodeOrigin(text, name: "\(name).attachments.\(number + 1)", in: context)
      return compiler.template(text.text, origin, checking: reads, into: &diagnostics)
    }
  }

  private mutating func templateText(
    _ key: String, into diagnostics: inout DiagnosticList
  ) -> (String, CodeOrigin)? {
    let transform = stage.section("transform")
    let name = "\(name).\(key)"
    if let text = transform.text(key) {
      return (text.text, CodeOrigin(text, name: name, in: context))
    }
    guard let node = transform.written(key), node.pairs != nil,
      let path = Section(node, .textFile, at: node.place).text("file")
    else { return nil }
    let file = context.planned(path.text)
    inputs.append(TargetsCheck.Input(file: file, what: "the template"))
    guard let bytes = FilePath.bytes(of: file.path) else {
      reportMissing(file, at: path.place, into: &diagnostics)
      return nil
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      diagnostics.error(
        .notUTF8, at: .start, in: file.shownPath, "the template is not UTF-8",
        hint: "save it as UTF-8")
      return nil
    }
    context.loaded.note(path.text, text)
    return (text, CodeOrigin(file, name: name, in: context))
  }

  /// Reports a file that cannot be read, with the name in its folder that was probably meant.
  func reportMissing(
    _ file: PlannedFile, at place: Place, into diagnostics: inout DiagnosticList
  ) {
    diagnostics.error(
      .missingFile, at: place, FilePath.problem(reading: file.path, called: file.shownPath),
      hint: missingHint(file))
  }

  private func missingHint(_ file: PlannedFile) -> String? {
    if FilePath.kind(of: file.path) == .folder { return "name a file in it" }
    let folder = FilePath.parent(of: file.path)
    guard FilePath.kind(of: folder) == .folder else {
      return "there is no folder '\(FilePath.parent(of: file.shownPath))' either"
    }
    return CloseName.of(FilePath.name(of: file.path), in: FilePath.names(in: folder))
      .map { "did you mean '\($0)'?" } ?? "paths are relative to the folder of the pipeline file"
  }
}
