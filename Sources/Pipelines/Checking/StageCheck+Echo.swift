internal import Providers
internal import Records

extension StageCheck {
  /// The code that answers repeat needs an object to stand in.
  func checkEcho(
    of load: Section, _ schema: AnswerSchema?, _ extras: RequestExtras, _ provider: ProviderPlan,
    into diagnostics: inout DiagnosticList
  ) {
    let place = load.place(of: "echo_key")
    guard load.written("schema") != nil else {
      diagnostics.error(
        .missingKey, at: place, "'echo_key' adds a field to answers, and 'load' has no 'schema'",
        hint: "add schema, or ask for the id in the prompt")
      return
    }
    guard let schema else { return }
    let catalog = context.catalog[provider.kind]
    let lowered = SchemaLowering(catalog.answerSchema).lower(schema.written).schema
    if EchoField().added(to: lowered) == nil {
      diagnostics.error(
        .badSchema, at: place,
        "'echo_key' adds a field to answers, and \(schema.file.shownPath) is not one of an object with properties",
        hint: "put the answer into a property of an object")
    }
    if schema.written["properties"]?[EchoField.name] != nil {
      diagnostics.error(
        .conflictingKeys, at: place,
        "the schema has a property '\(EchoField.name)' of its own, the name of the field that 'echo_key' adds",
        hint: "give the property another name")
    }
    if ForcedTool(extras.parameters, provider.form)?.describesInput == true {
      diagnostics.error(
        .conflictingKeys, at: place,
        "the tools say what their input is, so that 'echo_key' cannot add to it",
        hint: "leave the input's schema to 'schema'")
    }
  }
}
