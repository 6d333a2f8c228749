internal import Records

/// What a Messages body must be, in the provider's words: the rules that a JSON Schema cannot say,
/// or not in these words.
enum MessageRules {
  /// What may stand in `params`.
  private static let members: Set<String> = [
    "cache_control", "container", "context_management", "diagnostics", "fallbacks", "inference_geo",
    "max_tokens", "mcp_servers", "messages", "metadata", "model", "output_config", "output_format",
    "service_tier", "speed", "stop_sequences", "stream", "system", "temperature", "thinking",
    "tool_choice", "tools", "top_k", "top_p", "user_profile_id", "cache_hint", "context_hint",
    "research_preview", "store", "previous_thread_event_id",
  ]

  /// What a batch refuses, when it is there at all.
  private static let onlySynchronous = [
    "speed", "fallbacks", "store", "previous_thread_event_id", "cache_hint", "context_hint",
    "research_preview",
  ]

  /// The name of the first member that a batch does not take; nil when there is none.
  static func notInBatches(_ params: JSONView) -> String? {
    if params["stream"]?.bool == true { return "stream" }
    if params["max_tokens"]?.int == 0 { return "max_tokens" }
    return onlySynchronous.first { name in params[name].map { !$0.isNull } ?? false }
  }

  /// The first thing wrong with a body, as the provider's sentence; nil when nothing is.
  ///
  /// `promptTokens` is an estimate of the input. An unknown model is not looked for here.
  static func problem(
    in params: JSONView, model: Model, promptTokens: Int, _ setting: MessageSetting
  ) -> String? {
    unknownMember(in: params) ?? unwanted(in: params, model, setting)
      ?? MessageShape.problem(in: params, setting)
      ?? limits(params, model, promptTokens, setting)
  }

  private static func unknownMember(in params: JSONView) -> String? {
    for member in params.members {
      let name = member.key.text
      if !members.contains(name) { return "\(name): Extra inputs are not permitted" }
    }
    return nil
  }

  private static func unwanted(
    in params: JSONView, _ model: Model, _ setting: MessageSetting
  ) -> String? {
    for name in ["temperature", "top_p", "top_k"] {
      guard let value = params[name] else { continue }
      if setting.refusesSampling { return "\(name): Extra inputs are not permitted" }
      if model.refusesSampling { return "`\(name)` is not supported by \(model.id)" }
      if value.kind != .number, !value.isNull { return "\(name): Input should be a valid number" }
    }
    if setting.place == .batchRow, let name = notInBatches(params) {
      return "\(name): not supported in a message batch"
    }
    return nil
  }

  private static func limits(
    _ params: JSONView, _ model: Model, _ promptTokens: Int, _ setting: MessageSetting
  ) -> String? {
    if promptTokens > model.window {
      return "prompt is too long: \(promptTokens) tokens > \(model.window) maximum"
    }
    guard setting.place != .tokenCount else { return nil }
    guard let given = params["max_tokens"] else { return "max_tokens: Field required" }
    guard let tokens = given.int else { return "max_tokens: Input should be a valid integer" }
    if tokens < 1 { return "max_tokens: Input should be greater than or equal to 1" }
    let isLong = setting.allowsLongOutput && model.hasLongOutput && setting.place == .batchRow
    let most = isLong ? Model.longOutputLimit : model.maxOutput
    if tokens > most {
      return "max_tokens: \(tokens) > \(most), which is the maximum allowed number of output "
        + "tokens for \(model.id)"
    }
    if promptTokens + tokens > model.window {
      return "input length and `max_tokens` exceed context limit: \(promptTokens) + \(tokens) > "
        + "\(model.window), decrease input length or `max_tokens` and try again"
    }
    return nil
  }
}
