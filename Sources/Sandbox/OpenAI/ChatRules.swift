internal import Records

/// What a Chat Completions body must be.
enum ChatRules {
  private static let members: Set<String> = [
    "audio", "frequency_penalty", "function_call", "functions", "logit_bias", "logprobs",
    "max_completion_tokens", "max_tokens", "messages", "metadata", "modalities", "model", "n",
    "parallel_tool_calls", "prediction", "presence_penalty", "prompt_cache_key",
    "prompt_cache_options", "prompt_cache_retention", "reasoning_effort", "response_format",
    "safety_identifier", "seed", "service_tier", "stop", "store", "stream", "stream_options",
    "temperature", "tool_choice", "tools", "top_logprobs", "top_p", "user", "verbosity",
    "web_search_options",
  ]
  private static let roles = ["developer", "system", "user", "assistant", "tool", "function"]
  private static let partTypes = ["text", "image_url", "input_audio", "file", "refusal"]

  /// The member that says how long the answer may be.
  static func limitName(_ params: JSONView) -> String {
    params["max_tokens"] == nil ? "max_completion_tokens" : "max_tokens"
  }

  /// The first thing wrong with a body.
  static func problem(in params: JSONView, _ model: Model) -> APIError? {
    OpenAIRules.unknownMember(in: params, known: members) ?? unsupported(in: params, model)
      ?? problem(inMessages: params["messages"]) ?? problem(inFormat: params["response_format"])
  }

  /// What models that think do not take.
  private static func unsupported(in params: JSONView, _ model: Model) -> APIError? {
    for name in ["max_tokens", "max_completion_tokens"] {
      guard let value = params[name], !value.isNull else { continue }
      if value.int == nil { return OpenAIRules.wrongType(name, "an integer", value) }
    }
    guard model.thinks, let limit = params["max_tokens"], !limit.isNull else {
      return ReasoningRules.problem(in: params, model)
    }
    return OpenAIRules.unsupported("max_tokens", " Use 'max_completion_tokens' instead.")
  }

  private static func problem(inMessages messages: JSONView?) -> APIError? {
    guard let messages else { return OpenAIRules.missing("messages") }
    guard messages.kind == .array else {
      return OpenAIRules.wrongType("messages", "an array of objects", messages)
    }
    if messages.count == 0 {
      return .invalid(
        "Invalid 'messages': empty array. Expected an array with minimum length 1, but got an empty "
          + "array instead.", param: "messages", code: "empty_array")
    }
    for (position, message) in messages.elements.enumerated() {
      if let problem = problem(in: message, at: "messages[\(position)]") { return problem }
    }
    return nil
  }

  private static func problem(in message: JSONView, at place: String) -> APIError? {
    guard message.kind == .object else {
      return OpenAIRules.wrongType(place, "an object", message)
    }
    guard let role = message["role"] else { return OpenAIRules.missing("\(place).role") }
    guard roles.contains(role.text) else {
      return OpenAIRules.wrongValue("\(place).role", role.text, roles)
    }
    guard let content = message["content"], !content.isNull else {
      let isCall = message["tool_calls"] != nil || message["function_call"] != nil
      return isCall ? nil : OpenAIRules.missing("\(place).content")
    }
    if content.kind == .string { return nil }
    guard content.kind == .array else {
      return OpenAIRules.wrongType(
        "\(place).content", "one of a string or array of objects", content)
    }
    for (position, part) in content.elements.enumerated() {
      let place = "\(place).content[\(position)]"
      guard let type = part["type"] else { return OpenAIRules.missing("\(place).type") }
      guard partTypes.contains(type.text) else {
        return OpenAIRules.wrongValue("\(place).type", type.text, partTypes)
      }
    }
    return nil
  }

  private static func problem(inFormat format: JSONView?) -> APIError? {
    guard let format, !format.isNull else { return nil }
    let types = ["json_object", "json_schema", "text"]
    guard let type = format["type"] else { return OpenAIRules.missing("response_format.type") }
    guard types.contains(type.text) else {
      return OpenAIRules.wrongValue("response_format.type", type.text, types)
    }
    guard type.text == "json_schema" else { return nil }
    guard let named = format["json_schema"], named.kind == .object else {
      return OpenAIRules.missing("response_format.json_schema")
    }
    return OpenAIRules.problem(inNamedSchema: named, at: "response_format.json_schema")
  }
}
