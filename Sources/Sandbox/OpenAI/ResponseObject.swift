internal import Records

/// An answer in the form of the Responses API.
struct ResponseObject {
  private let draft: AnswerDraft
  private var draw: Draw

  init(_ draft: AnswerDraft) {
    self.draft = draft
    draw = Draw(seed: draft.seed, "response \(draft.name)")
  }

  /// Appends the object around an answer's text.
  consuming func append(_ answer: UnsafeBufferPointer<UInt8>, to output: inout ByteBuffer) {
    let reason = incompleteReason
    output.append("{\"id\":\"resp_")
    output.append(text: draw.hexadecimal(48))
    output.append("\",\"object\":\"response\",\"created_at\":")
    output.append(decimal: Int(draft.atMs / 1000))
    output.append(",\"status\":\"")
    output.append(text: reason == nil ? "completed" : "incomplete")
    output.append("\",\"background\":false,\"error\":null,\"incomplete_details\":")
    (reason.map { .object(["reason": .string($0)]) } ?? JSONValue.null).append(to: &output)
    output.append(",\"instructions\":null,\"max_output_tokens\":null,\"model\":")
    JSONValue.string(draft.model).append(to: &output)
    output.append(",\"output\":[")
    appendItems(answer, to: &output)
    output.append("],\"parallel_tool_calls\":true,\"previous_response_id\":null,\"reasoning\":")
    output.append("{\"effort\":null,\"summary\":null},\"service_tier\":\"default\",\"store\":true,")
    output.append("\"temperature\":1.0,\"text\":{\"format\":{\"type\":\"text\"}},")
    output.append(
      "\"tool_choice\":\"auto\",\"tools\":[],\"top_p\":1.0,\"truncation\":\"disabled\",")
    output.append("\"usage\":")
    usage.append(to: &output)
    output.append(",\"user\":null,\"metadata\":{}}")
  }

  /// Why the answer is not whole; nil when it is.
  private var incompleteReason: String? {
    switch draft.stopReason {
    case .maxTokens, .modelContextWindowExceeded: "max_output_tokens"
    case .contentFilter, .recitation, .malformedResponse, .promptBlocked: "content_filter"
    case .endTurn, .stopSequence, .toolUse, .pauseTurn, .refusal: nil
    }
  }

  private mutating func appendItems(
    _ answer: UnsafeBufferPointer<UInt8>, to output: inout ByteBuffer
  ) {
    if draft.usage.thoughts > 0 {
      output.append("{\"id\":\"rs_")
      output.append(text: draw.hexadecimal(48))
      output.append("\",\"type\":\"reasoning\",\"summary\":[]},")
    }
    if let tool = draft.tool, draft.stopReason == .toolUse {
      appendCall(tool, answer, to: &output)
      return
    }
    if draft.isFragmented {
      let border = UTF8Border.before(answer.count / 3, in: answer)
      appendMessage(UnsafeBufferPointer(rebasing: answer[..<border]), to: &output)
      output.append(0x2C)
    }
    appendMessage(answer, to: &output)
  }

  private mutating func appendMessage(
    _ text: UnsafeBufferPointer<UInt8>, to output: inout ByteBuffer
  ) {
    output.append("{\"id\":\"msg_")
    output.append(text: draw.hexadecimal(48))
    output.append("\",\"type\":\"message\",\"status\":\"")
    output.append(text: incompleteReason == nil ? "completed" : "incomplete")
    output.append("\",\"role\":\"assistant\",\"content\":[")
    if draft.stopReason == .refusal {
      output.append("{\"type\":\"refusal\",\"refusal\":\"")
      JSONEscape.append(text, to: &output)
      output.append("\"}")
    } else if !draft.stopReason.isRefusal {
      output.append("{\"type\":\"output_text\",\"annotations\":[],\"logprobs\":[],\"text\":\"")
      JSONEscape.append(text, to: &output)
      output.append("\"}")
    }
    output.append("]}")
  }

  private mutating func appendCall(
    _ tool: String, _ arguments: UnsafeBufferPointer<UInt8>, to output: inout ByteBuffer
  ) {
    output.append("{\"id\":\"fc_")
    output.append(text: draw.hexadecimal(48))
    output.append("\",\"type\":\"function_call\",\"status\":\"completed\",\"call_id\":\"call_")
    output.append(text: draw.letters(24))
    output.append("\",\"name\":")
    JSONValue.string(tool).append(to: &output)
    output.append(",\"arguments\":\"")
    JSONEscape.append(arguments, to: &output)
    output.append("\"}")
  }

  private var usage: JSONValue {
    let usage = draft.usage
    return .object([
      "input_tokens": .number(usage.prompt),
      "input_tokens_details": .object([
        "cached_tokens": .number(usage.cacheRead),
        "cache_write_tokens": .number(usage.cacheWrite5m),
      ]),
      "output_tokens": .number(usage.output),
      "output_tokens_details": .object(["reasoning_tokens": .number(usage.thoughts)]),
      "total_tokens": .number(usage.prompt + usage.output),
    ])
  }
}
