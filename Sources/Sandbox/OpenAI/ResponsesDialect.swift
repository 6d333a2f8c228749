internal import Records

/// Bodies of Responses, and rows of batches of them.
struct ResponsesDialect: Dialect {
  let place: OpenAIPlace

  var api: SandboxAPI { .openai }
  var countsTokens: Bool { place == .tokenCount }
  var isHeldAgainstSchema: Bool { false }

  func read(_ params: JSONView, into text: inout RequestText) {
    if let instructions = params["instructions"], !instructions.isNull { text.count(instructions) }
    if let tools = params["tools"] { text.count(bytesOf: tools) }
    if let format = params["text"]?["format"] { text.count(bytesOf: format) }
    guard let input = params["input"] else { return }
    if input.kind == .string {
      text.take(input, from: .user)
      return
    }
    for item in input.elements {
      guard let content = item["content"] else { continue }
      text.take(content, from: item["role"]?.text == "user" ? .user : .others)
    }
  }

  func model(of params: JSONView) throws(APIError) -> Model { try OpenAIRules.model(of: params) }

  func wanted(_ params: JSONView) -> AnswerPlan.Wanted {
    if let format = params["text"]?["format"], format["type"]?.text == "json_schema",
      let schema = format["schema"]
    {
      // Responses take a schema for strict unless told otherwise.
      return AnswerPlan.Wanted(
        schema: schema, name: format["name"]?.text ?? "",
        isChecked: format["strict"]?.bool != false)
    }
    guard let choice = params["tool_choice"], choice["type"]?.text == "function",
      let name = choice["name"]?.text,
      let tool = params["tools"]?.elements.first(where: { $0["name"]?.text == name }),
      let parameters = tool["parameters"]
    else { return .text }
    return AnswerPlan.Wanted(
      schema: parameters, tool: name, name: name, isChecked: tool["strict"]?.bool != false)
  }

  func problem(in schema: JSONValue, wanted: AnswerPlan.Wanted) -> APIError? {
    StrictSchema.problem(in: schema).map { problem in
      wanted.tool == nil
        ? .invalid(
          "Invalid schema for response_format '\(wanted.name)': \(problem)",
          param: "text.format.schema", code: "invalid_json_schema")
        : .invalid(
          "Invalid schema for function '\(wanted.name)': \(problem)", param: "tools[0].parameters",
          code: "invalid_function_parameters")
    }
  }

  func problem(in params: JSONView, _ model: Model, promptTokens: Int) -> APIError? {
    ResponsesRules.problem(in: params, place) ?? ReasoningRules.problem(in: params, model)
      ?? OpenAIRules.limits(
        promptTokens, model, asked: outputLimit(params), param: "max_output_tokens")
  }

  func prefix(of params: JSONView, _ model: Model) -> CachedPrefix? {
    var before = [params["instructions"]].compactMap { $0 }.filter { !$0.isNull }
    if let input = params["input"], input.kind == .array, input.count > 1 {
      before += input.elements.prefix(input.count - 1).compactMap { $0["content"] }
    }
    return CachedPrefix(of: before, model)
  }

  func outputLimit(_ params: JSONView) -> Int? { params["max_output_tokens"]?.int }

  func stopSequence(_ params: JSONView) -> String? { nil }

  func append(
    _ draft: AnswerDraft, _ answer: UnsafeBufferPointer<UInt8>, to output: inout ByteBuffer
  ) {
    ResponseObject(draft).append(answer, to: &output)
  }
}
