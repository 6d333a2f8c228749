internal import Records

/// Messages bodies, and rows of message batches.
struct MessagesDialect: Dialect {
  let setting: MessageSetting

  var api: SandboxAPI { .anthropic }
  var countsTokens: Bool { setting.place == .tokenCount }
  var isHeldAgainstSchema: Bool { setting.place == .batchRow }

  func read(_ params: JSONView, into text: inout RequestText) {
    if let system = params["system"] { text.count(system) }
    if let tools = params["tools"] { text.count(bytesOf: tools) }
    if let schema = OutputFormat.schema(in: params) { text.count(bytesOf: schema) }
    guard let messages = params["messages"] else { return }
    for message in messages.elements {
      guard let content = message["content"] else { continue }
      text.take(content, from: message["role"]?.text == "user" ? .user : .others)
    }
  }

  func model(of params: JSONView) throws(APIError) -> Model {
    guard let id = params["model"], id.kind == .string else {
      throw .invalid("model: Field required")
    }
    if let model = Model.named(id.text) { return model }
    throw setting.place == .batchRow
      ? .invalid("model: \(id.text)") : .missing("model: \(id.text)")
  }

  func wanted(_ params: JSONView) -> AnswerPlan.Wanted {
    if let schema = OutputFormat.schema(in: params), schema.kind == .object {
      return AnswerPlan.Wanted(schema: schema)
    }
    guard let choice = params["tool_choice"], choice["type"]?.text == "tool",
      let name = choice["name"]?.text, let tools = params["tools"],
      let found = tools.elements.first(where: { $0["name"]?.text == name })
    else { return .text }
    return AnswerPlan.Wanted(schema: found["input_schema"], tool: name, isChecked: false)
  }

  func problem(in schema: JSONValue, wanted: AnswerPlan.Wanted) -> APIError? {
    OutputFormat.problem(inSchema: schema).map { .invalid($0) }
  }

  func problem(in params: JSONView, _ model: Model, promptTokens: Int) -> APIError? {
    let problem =
      MessageRules.problem(in: params, model: model, promptTokens: promptTokens, setting)
      ?? OutputFormat.problem(in: params)
    return problem.map { .invalid($0) }
  }

  func prefix(of params: JSONView, _ model: Model) -> CachedPrefix? {
    CachedPrefix(marked: params, model)
  }

  func outputLimit(_ params: JSONView) -> Int? { params["max_tokens"]?.int }

  func stopSequence(_ params: JSONView) -> String? {
    params["stop_sequences"]?.element(at: 0)?.text
  }

  func append(
    _ draft: AnswerDraft, _ answer: UnsafeBufferPointer<UInt8>, to output: inout ByteBuffer
  ) {
    output.append("{\"id\":\"")
    output.append(text: Draw.id("msg", seed: draft.seed, draft.name))
    output.append("\",\"type\":\"message\",\"role\":\"assistant\",\"model\":")
    JSONValue.string(draft.model).append(to: &output)
    output.append(",\"content\":[")
    appendContent(draft, answer, to: &output)
    output.append("],\"stop_reason\":\"")
    output.append(text: draft.stopReason.isRefusal ? "refusal" : draft.stopReason.rawValue)
    output.append("\",\"stop_sequence\":")
    (draft.stopSequence.map { JSONValue.string($0) } ?? .null).append(to: &output)
    output.append(",\"stop_details\":")
    appendStopDetails(draft, to: &output)
    output.append(",\"usage\":")
    appendUsage(draft, to: &output)
    output.append(0x7D)
  }

  private func appendContent(
    _ draft: AnswerDraft, _ answer: UnsafeBufferPointer<UInt8>, to output: inout ByteBuffer
  ) {
    if let tool = draft.tool, draft.stopReason == .toolUse {
      output.append("{\"type\":\"tool_use\",\"id\":\"")
      output.append(text: Draw.id("toolu", seed: draft.seed, draft.name))
      output.append("\",\"name\":")
      JSONValue.string(tool).append(to: &output)
      output.append(",\"input\":")
      output.append(answer)
      output.append(0x7D)
      return
    }
    guard answer.count > 0 else { return }
    output.append("{\"type\":\"text\",\"text\":\"")
    JSONEscape.append(answer, to: &output)
    output.append("\"}")
  }

  private func appendStopDetails(_ draft: AnswerDraft, to output: inout ByteBuffer) {
    guard let category = draft.refusalCategory else {
      output.append("null")
      return
    }
    let details: JSONValue = .object([
      "type": .string("refusal"), "category": .string(category),
      "explanation": .string("The sandbox was told to refuse this request."),
    ])
    details.append(to: &output)
  }

  private func appendUsage(_ draft: AnswerDraft, to output: inout ByteBuffer) {
    let usage = draft.usage
    output.append("{\"input_tokens\":")
    output.append(decimal: usage.input)
    output.append(",\"cache_creation_input_tokens\":")
    output.append(decimal: usage.cacheWrite5m + usage.cacheWrite1h)
    output.append(",\"cache_read_input_tokens\":")
    output.append(decimal: usage.cacheRead)
    output.append(",\"cache_creation\":{\"ephemeral_5m_input_tokens\":")
    output.append(decimal: usage.cacheWrite5m)
    output.append(",\"ephemeral_1h_input_tokens\":")
    output.append(decimal: usage.cacheWrite1h)
    output.append("},\"output_tokens\":")
    output.append(decimal: usage.output)
    output.append(",\"output_tokens_details\":{\"thinking_tokens\":0},\"server_tool_use\":null")
    output.append(",\"service_tier\":\"")
    output.append(text: draft.tier.rawValue)
    output.append("\",\"inference_geo\":\"global\",\"speed\":null}")
  }
}
