internal import Records

/// What a Responses body must be.
enum ResponsesRules {
  private static let members: Set<String> = [
    "background", "context_management", "conversation", "include", "input", "instructions",
    "max_output_tokens", "max_tool_calls", "metadata", "model", "parallel_tool_calls",
    "previous_response_id", "prompt", "prompt_cache_key", "prompt_cache_options",
    "prompt_cache_retention", "reasoning", "safety_identifier", "service_tier", "store", "stream",
    "stream_options", "temperature", "text", "tool_choice", "tools", "top_logprobs", "top_p",
    "truncation", "user",
  ]
  private static let roles = ["assistant", "system", "developer", "user"]

  /// The first thing wrong with a body.
  static func problem(in params: JSONView, _ place: OpenAIPlace) -> APIError? {
    if let problem = OpenAIRules.unknownMember(in: params, known: members) { return problem }
    if let limit = params["max_output_tokens"], !limit.isNull, limit.int == nil {
      return OpenAIRules.wrongType("max_output_tokens", "an integer", limit)
    }
    return problem(inInput: params["input"]) ?? problem(inFormat: params["text"]?["format"])
  }

  private static func problem(inInput input: JSONView?) -> APIError? {
    guard let input, !input.isNull else { return OpenAIRules.missing("input") }
    if input.kind == .string { return nil }
    guard input.kind == .array else {
      return OpenAIRules.wrongType("input", "one of a string or array of input items", input)
    }
    for (position, item) in input.elements.enumerated() {
      if let problem = problem(inItem: item, at: "input[\(position)]") { return problem }
    }
    return nil
  }

  private static func problem(inItem item: JSONView, at place: String) -> APIError? {
    guard item.kind == .object else { return OpenAIRules.wrongType(place, "an object", item) }
    // Other items than messages (calls of tools and what they gave) are let through.
    guard (item["type"]?.text ?? "message") == "message" else { return nil }
    guard let role = item["role"] else { return OpenAIRules.missing("\(place).role") }
    guard roles.contains(role.text) else {
      return OpenAIRules.wrongValue("\(place).role", role.text, roles)
    }
    guard let content = item["content"] else { return OpenAIRules.missing("\(place).content") }
    if content.kind == .string { return nil }
    guard content.kind == .array else {
      return OpenAIRules.wrongType("\(place).content", "one of a string or array", content)
    }
    let types =
      role.text == "assistant"
      ? ["output_text", "refusal"] : ["input_text", "input_image", "input_file", "input_audio"]
    for (position, part) in content.elements.enumerated() {
      let type = part["type"]?.text ?? ""
      guard !types.contains(type) else { continue }
      return OpenAIRules.wrongValue("\(place).content[\(position)]", type, types)
    }
    return nil
  }

  private static func problem(inFormat format: JSONView?) -> APIError? {
    guard let format, !format.isNull else { return nil }
    let types = ["json_object", "json_schema", "text"]
    guard let type = format["type"] else { return OpenAIRules.missing("text.format.type") }
    guard types.contains(type.text) else {
      return OpenAIRules.wrongValue("text.format.type", type.text, types)
    }
    return type.text == "json_schema"
      ? OpenAIRules.problem(inNamedSchema: format, at: "text.format") : nil
  }
}
