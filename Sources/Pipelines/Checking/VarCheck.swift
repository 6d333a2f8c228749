internal import Records

/// The variables of a pipeline: what the file declares, and what `--set` says instead.
enum VarCheck {
  /// The variables as an object, in the order of the file.
  ///
  /// A setting is read as a plain YAML value would be, unless the file's own value is text: then it
  /// stays text.
  static func vars(
    _ pipeline: Section, settings: [VarSetting], into diagnostics: inout DiagnosticList
  ) -> JSONValue {
    var members: [JSONValue.Member] = []
    for pair in pipeline.pairs("vars") {
      if !NameRule.isIdentifier(pair.name) {
        diagnostics.error(
          .badName, at: pair.place, "a variable cannot be named '\(pair.name)'",
          hint: "use letters, digits and '_', beginning with a letter: templates read vars.name")
      }
      members.append(.init(pair.name, pair.value.json))
    }
    for setting in settings {
      guard let index = members.firstIndex(where: { $0.key == setting.name }) else {
        diagnostics.error(
          .unknownVar, at: pipeline.place(of: "vars"),
          "--set names '\(setting.name)', which the file does not declare",
          hint: CloseName.hint(
            for: setting.name, in: members.map(\.key), listed: "its variables are")
            ?? "add it under 'vars:'")
        continue
      }
      members[index].value = value(setting.text, insteadOf: members[index].value)
    }
    return .object(members)
  }

  private static func value(_ text: String, insteadOf declared: JSONValue) -> JSONValue {
    if declared.string != nil { return .string(text) }
    if text.hasPrefix("[") || text.hasPrefix("{") {
      // What only looks like JSON is text.
      if let json = try? JSONValue(parsing: text) { return json }
    }
    return YAMLScalar(text, style: .plain, isText: false).json
  }
}
