internal import Providers
internal import Records

/// What a stage adds to its requests, and to the calls that send them.
struct RequestExtras {
  /// Further members of the body.
  var parameters: [JSONValue.Member] = []
  /// Beta headers.
  var betas: [String] = []
  /// Further headers: names and texts.
  var headers: [JSONValue.Member] = []
}

extension StageCheck {
  /// Checks `params`, `beta` and `headers`; nil when one of them cannot be sent at all.
  func checkExtras(
    of load: Section, _ provider: ProviderPlan, into diagnostics: inout DiagnosticList
  ) -> RequestExtras? {
    var extras = RequestExtras()
    extras.parameters = load.written("params")?.json.members ?? []
    guard checkBetas(of: load, provider, &extras, into: &diagnostics),
      checkHeaders(of: load, &extras, into: &diagnostics)
    else { return nil }
    checkShape(of: load, provider, extras, into: &diagnostics)
    checkTools(of: load, provider, extras, into: &diagnostics)
    return extras
  }

  private func checkBetas(
    of load: Section, _ provider: ProviderPlan, _ extras: inout RequestExtras,
    into diagnostics: inout DiagnosticList
  ) -> Bool {
    for node in load.elements("beta") {
      guard let text = node.scalar?.text else { return false }
      let isWord = text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != 0x2C }
      guard isWord else {
        diagnostics.error(
          .wrongType, at: node.place, "'beta' takes the name of a beta, not '\(text)'",
          hint: "several are written as a list")
        return false
      }
      extras.betas.append(text)
    }
    guard !extras.betas.isEmpty, provider.kind.betaHeader == nil else { return true }
    diagnostics.error(
      .misplacedKey, at: load.place(of: "beta"),
      "the provider '\(provider.name)' has no beta headers", hint: "remove it")
    return false
  }

  private func checkHeaders(
    of load: Section, _ extras: inout RequestExtras, into diagnostics: inout DiagnosticList
  ) -> Bool {
    for pair in load.pairs("headers") {
      guard let value = pair.value.scalar?.text else { return false }
      if HeaderRule.isOwn(pair.name) {
        diagnostics.error(
          .conflictingKeys, at: pair.place, "the header '\(pair.name)' is set by leaven itself",
          hint:
            "keys come from the environment (key_env), versions from api_version, betas from beta")
        return false
      }
      guard HeaderRule.isSendable(pair.name, value) else {
        diagnostics.error(
          .wrongType, at: pair.place, "'\(pair.name)' cannot be sent as a header",
          hint: "names have letters, digits, '-' and '_', values ASCII without line ends")
        return false
      }
      extras.headers.append(JSONValue.Member(pair.name, .string(value)))
    }
    return true
  }

  /// Holds the parameters against the request schema, the file that the sandbox applies to what arrives.
  private func checkShape(
    of load: Section, _ provider: ProviderPlan, _ extras: RequestExtras,
    into diagnostics: inout DiagnosticList
  ) {
    guard !extras.parameters.isEmpty, let model = load.text("model")?.text,
      let maxTokens = load.integer("max_tokens")
    else { return }
    let catalog = context.catalog[provider.kind]
    let refused = catalog.refusedParameters.union(provider.form.ownMembers)
    // What is refused by name is reported with its reason.
    let builder = RequestBuilder(
      form: provider.form, model: model, maxTokens: maxTokens,
      parameters: extras.parameters.filter { !refused.contains($0.key) })
    let violations = RequestViolations.of(
      builder.sample(hasSystem: false), provider.form, betas: extras.betas)
    for violation in violations {
      let place = place(of: violation.member, in: load)
      diagnostics.error(.refusedParameter, at: place, violation.sentence, hint: violation.hint)
    }
  }

  /// A tool's input is the answer if the model must call it; nobody runs a tool here.
  private func checkTools(
    of load: Section, _ provider: ProviderPlan, _ extras: RequestExtras,
    into diagnostics: inout DiagnosticList
  ) {
    guard let tools = load.written("params")?.pair("tools") else { return }
    if ForcedTool(extras.parameters, provider.form) != nil {
      guard load.written("schema") == nil else { return }
      diagnostics.error(
        .missingKey, at: tools.place,
        "the input of a tool that the model must call is the answer, and 'load' has no 'schema' for it",
        hint: "add schema; a tool without a schema of its own gets it as its input's")
      return
    }
    guard tools.value.json.array?.contains(where: \.isRunByCaller) == true else { return }
    diagnostics.warning(
      .refusedParameter, at: tools.place,
      "the model may call these tools, and nobody runs them: a batch has a single turn",
      hint: "make it call one with tool_choice, and its input is the answer")
  }

  /// Reports what is wrong with a parameter where it is written.
  func report(
    _ problem: PlanProblem, of load: Section, into diagnostics: inout DiagnosticList
  ) {
    diagnostics.error(
      .refusedParameter, at: place(of: problem.key, in: load), problem.sentence, hint: problem.hint)
  }

  private func place(of member: String, in load: Section) -> Place {
    let params = load.written("params")
    return params?.pair(member)?.place ?? params?.place ?? load.place
  }

  /// Longer answers than the model's usual ones are for batches only.
  func checkLongAnswers(
    _ load: Section, _ catalog: Catalog, into diagnostics: inout DiagnosticList
  ) {
    guard let model = load.text("model"), let most = catalog.model(model.text)?.maxOutput,
      let maxTokens = load.integer("max_tokens"), maxTokens > most, load.written("beta") != nil
    else { return }
    diagnostics.error(
      .overLimit, at: load.place(of: "max_tokens"),
      "asked one by one, \(model.text) answers with at most \(most) tokens, with 'beta' too",
      hint: "write mode: batch and no late: concurrent")
  }
}

extension JSONValue {
  /// Whether a tool is one that the caller of the API runs; the provider runs those of a type of their own.
  fileprivate var isRunByCaller: Bool {
    let type = self["type"]?.string
    return type == nil || type == "custom" || type == "function"
  }
}
