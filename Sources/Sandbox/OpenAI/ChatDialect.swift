internal import Records

/// Bodies of Chat Completions, and rows of batches of them.
struct ChatDialect: Dialect {
  let place: OpenAIPlace

  var api: SandboxAPI { .openai }
  var countsTokens: Bool { place == .tokenCount }
  var isHeldAgainstSchema: Bool { place == .batchRow }

  func read(_ params: JSONView, into text: inout RequestText) {
    if let tools = params["tools"] { text.count(bytesOf: tools) }
    if let schema = params["response_format"]?["json_schema"] { text.count(bytesOf: schema) }
    guard let messages = params["messages"] else { return }
    for message in messages.elements {
      guard let content = message["content"] else { continue }
      text.take(content, from: message["role"]?.text == "user" ? .user : .others)
    }
  }

  func model(of params: JSONView) throws(APIError) -> Model { try OpenAIRules.model(of: params) }

  func wanted(_ params: JSONView) -> AnswerPlan.Wanted {
    if let format = params["response_format"]?["json_schema"], let schema = format["schema"] {
      return AnswerPlan.Wanted(
        schema: schema, name: format["name"]?.text ?? "",
        isChecked: format["strict"]?.bool == true)
    }
    guard let function = params["tool_choice"]?["function"], let name = function["name"]?.text,
      let tool = params["tools"]?.elements.first(where: { $0["function"]?["name"]?.text == name }),
      let parameters = tool["function"]?["parameters"]
    else { return .text }
    return AnswerPlan.Wanted(
      schema: parameters, tool: name, name: name,
      isChecked: tool["function"]?["strict"]?.bool == true)
  }

  func problem(in schema: JSONValue, wanted: AnswerPlan.Wanted) -> APIError? {
    StrictSchema.problem(in: schema).map { problem in
      wanted.tool == nil
        ? .invalid(
          "Invalid schema for response_format '\(wanted.name)': \(problem)",
          param: "response_format")
        : .invalid(
          "Invalid schema for function '\(wanted.name)': \(problem)",
          param: "tools[0].function.parameters", code: "invalid_function_parameters")
    }
  }

  func problem(in params: JSONView, _ model: Model, promptTokens: Int) -> APIError? {
    ChatRules.problem(in: params, model)
      ?? OpenAIRules.limits(
        promptTokens, model, asked: outputLimit(params), param: ChatRules.limitName(params))
  }

  func prefix(of params: JSONView, _ model: Model) -> CachedPrefix? {
    guard let messages = params["messages"], messages.count > 1 else { return nil }
    let before = messages.elements.prefix(messages.count - 1).compactMap { $0["content"] }
    return CachedPrefix(of: before, model)
  }

  func outputLimit(_ params: JSONView) -> Int? {
    params["max_completion_tokens"]?.int ?? params["max_tokens"]?.int
  }

  func stopSequence(_ params: JSONView) -> String? { nil }

  func append(
    _ draft: AnswerDraft, _ answer: UnsafeBufferPointer<UInt8>, to output: inout ByteBuffer
  ) {
    var draw = Draw(seed: draft.seed, "chatcmpl \(draft.name)")
    output.append("{\"id\":\"chatcmpl-")
    output.append(text: draw.letters(29))
    output.append("\",\"object\":\"chat.completion\",\"created\":")
    output.append(decimal: Int(draft.atMs / 1000))
    output.append(",\"model\":")
    JSONValue.string(draft.model).append(to: &output)
    output.append(",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":")
    appendMessage(draft, answer, &draw, to: &output)
    output.append(",\"annotations\":[]},\"logprobs\":null,\"finish_reason\":\"")
    output.append(text: Self.finishReason(draft.stopReason))
    output.append("\"}],\"usage\":")
    Self.usage(draft.usage).append(to: &output)
    output.append(",\"service_tier\":\"default\",\"system_fingerprint\":null}")
  }

  /// Appends the content and what goes with it: a refusal, or the call of a tool.
  private func appendMessage(
    _ draft: AnswerDraft, _ answer: UnsafeBufferPointer<UInt8>, _ draw: inout Draw,
    to output: inout ByteBuffer
  ) {
    func appendText() {
      output.append(0x22)
      JSONEscape.append(answer, to: &output)
      output.append(0x22)
    }
    if let tool = draft.tool, draft.stopReason == .toolUse {
      output.append("null,\"refusal\":null,\"tool_calls\":[{\"id\":\"call_")
      output.append(text: draw.letters(24))
      output.append("\",\"type\":\"function\",\"function\":{\"name\":")
      JSONValue.string(tool).append(to: &output)
      output.append(",\"arguments\":")
      appendText()
      output.append("}}]")
    } else if draft.stopReason == .refusal {
      output.append("null,\"refusal\":")
      appendText()
    } else {
      appendText()
      output.append(",\"refusal\":null")
    }
  }

  private static func finishReason(_ reason: StopReason) -> String {
    switch reason {
    case .endTurn, .stopSequence, .pauseTurn, .refusal: "stop"
    case .maxTokens, .modelContextWindowExceeded: "length"
    case .toolUse: "tool_calls"
    case .contentFilter, .recitation, .malformedResponse, .promptBlocked: "content_filter"
    }
  }

  private static func usage(_ usage: TokenUsage) -> JSONValue {
    .object([
      "prompt_tokens": .number(usage.prompt), "completion_tokens": .number(usage.output),
      "total_tokens": .number(usage.prompt + usage.output),
      "prompt_tokens_details": .object([
        "cached_tokens": .number(usage.cacheRead),
        "cache_write_tokens": .number(usage.cacheWrite5m), "audio_tokens": .number(0),
      ]),
      "completion_tokens_details": .object([
        "reasoning_tokens": .number(usage.thoughts), "audio_tokens": .number(0),
        "accepted_prediction_tokens": .number(0), "rejected_prediction_tokens": .number(0),
      ]),
    ])
  }
}
