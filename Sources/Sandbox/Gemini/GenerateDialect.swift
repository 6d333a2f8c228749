internal import Records

/// Bodies of generateContent, and rows of batches of them.
struct GenerateDialect: Dialect {
  /// Where a body stands.
  enum Place: Sendable { case batchRow, call, tokenCount }

  /// The model that the path names; a body may repeat it.
  let model: String
  let place: Place

  var api: SandboxAPI { .gemini }
  var countsTokens: Bool { place == .tokenCount }
  var isHeldAgainstSchema: Bool { place == .batchRow }

  func read(_ params: JSONView, into text: inout RequestText) {
    let body = params.either("generateContentRequest") ?? params
    if let parts = body.either("systemInstruction")?["parts"] { text.count(parts) }
    if let tools = body["tools"] { text.count(bytesOf: tools) }
    if let schema = GenerateRules.schema(in: body) { text.count(bytesOf: schema) }
    guard let contents = body["contents"] else { return }
    for content in contents.elements {
      guard let parts = content["parts"] else { continue }
      text.take(parts, from: (content["role"]?.text ?? "user") == "user" ? .user : .others)
    }
  }

  func model(of params: JSONView) throws(APIError) -> Model {
    guard let found = Model.named(model, of: .gemini) else {
      throw .missing(
        "models/\(model) is not found for API version v1, or is not supported for "
          + "generateContent. Call ListModels to see the list of available models.")
    }
    return found
  }

  func wanted(_ params: JSONView) -> AnswerPlan.Wanted {
    if let schema = GenerateRules.schema(in: params), schema.kind == .object {
      let isOpen = params.either("generationConfig")?.either("responseJsonSchema") != nil
      return AnswerPlan.Wanted(
        schema: schema, name: isOpen ? "responseJsonSchema" : "responseSchema")
    }
    let calling = params.either("toolConfig")?.either("functionCallingConfig")
    guard let calling, calling["mode"]?.text == "ANY",
      let name = calling.either("allowedFunctionNames")?.element(at: 0)?.text
    else { return .text }
    for tool in params["tools"]?.elements.map(\.self) ?? [] {
      let found = tool.either("functionDeclarations")?.elements.first { $0["name"]?.text == name }
      guard let found else { continue }
      let schema = found["parameters"] ?? found.either("parametersJsonSchema")
      return AnswerPlan.Wanted(schema: schema, tool: name, isChecked: false)
    }
    return .text
  }

  func problem(in schema: JSONValue, wanted: AnswerPlan.Wanted) -> APIError? {
    GenerateRules.problem(in: schema, of: wanted.name).map { .invalid($0) }
  }

  func problem(in params: JSONView, _ model: Model, promptTokens: Int) -> APIError? {
    let problem =
      GenerateRules.problem(in: params, place)
      ?? GenerateRules.limits(promptTokens, model, asked: outputLimit(params))
    return problem.map { .invalid($0) }
  }

  func prefix(of params: JSONView, _ model: Model) -> CachedPrefix? {
    var before = [params.either("systemInstruction")].compactMap { $0 }
    if let contents = params["contents"], contents.count > 1 {
      before += contents.elements.prefix(contents.count - 1)
    }
    return CachedPrefix(of: before, model)
  }

  func outputLimit(_ params: JSONView) -> Int? {
    params.either("generationConfig")?.either("maxOutputTokens")?.int
  }

  func stopSequence(_ params: JSONView) -> String? { nil }

  func append(
    _ draft: AnswerDraft, _ answer: UnsafeBufferPointer<UInt8>, to output: inout ByteBuffer
  ) {
    output.append(0x7B)
    if draft.stopReason == .promptBlocked {
      output.append("\"promptFeedback\":{\"blockReason\":\"PROHIBITED_CONTENT\"}")
    } else {
      output.append("\"candidates\":[{")
      appendContent(draft, answer, to: &output)
      output.append("\"finishReason\":\"")
      output.append(text: Self.finishReason(draft.stopReason))
      output.append("\"}]")
    }
    output.append(",\"usageMetadata\":")
    Self.usage(draft).append(to: &output)
    output.append(",\"modelVersion\":")
    JSONValue.string(model).append(to: &output)
    var draw = Draw(seed: draft.seed, "response \(draft.name)")
    output.append(",\"responseId\":\"")
    output.append(text: draw.letters(22))
    output.append("\"}")
  }

  /// Appends the content, if there is one: a withheld answer has none.
  private func appendContent(
    _ draft: AnswerDraft, _ answer: UnsafeBufferPointer<UInt8>, to output: inout ByteBuffer
  ) {
    if draft.stopReason.isRefusal { return }
    output.append("\"content\":{")
    if let tool = draft.tool, draft.stopReason == .toolUse {
      output.append("\"parts\":[{\"functionCall\":{\"name\":")
      JSONValue.string(tool).append(to: &output)
      output.append(",\"args\":")
      output.append(answer)
      output.append("}}],")
    } else if answer.count > 0 {
      output.append("\"parts\":[{\"text\":\"")
      JSONEscape.append(answer, to: &output)
      output.append("\"}],")
    }
    output.append("\"role\":\"model\"},")
  }

  private static func finishReason(_ reason: StopReason) -> String {
    switch reason {
    case .endTurn, .stopSequence, .toolUse, .pauseTurn: "STOP"
    case .maxTokens, .modelContextWindowExceeded: "MAX_TOKENS"
    case .refusal, .contentFilter, .promptBlocked: "SAFETY"
    case .recitation: "RECITATION"
    case .malformedResponse: "MALFORMED_RESPONSE"
    }
  }

  /// Counts of zero are left out, as everywhere in this API.
  private static func usage(_ draft: AnswerDraft) -> JSONValue {
    let usage = draft.usage
    let counts = [
      ("promptTokenCount", usage.prompt), ("candidatesTokenCount", usage.output - usage.thoughts),
      ("cachedContentTokenCount", usage.cacheRead), ("thoughtsTokenCount", usage.thoughts),
      ("totalTokenCount", usage.prompt + usage.output),
    ]
    let details: JSONValue = .array([
      .object(["modality": .string("TEXT"), "tokenCount": .number(usage.prompt)])
    ])
    return .object(
      counts.filter { $0.1 > 0 }.map { JSONValue.Member($0.0, .number($0.1)) }
        + [JSONValue.Member("promptTokensDetails", details)])
  }
}
