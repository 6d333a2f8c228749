internal import Records

/// What the messages, the system text and the output format of a body must look like.
enum MessageShape {
  /// The first thing wrong, as the provider's sentence.
  static func problem(in params: JSONView, _ setting: MessageSetting) -> String? {
    guard let messages = params["messages"] else { return "messages: Field required" }
    guard messages.kind == .array else { return "messages: Input should be a valid list" }
    if messages.count == 0 { return "messages: at least one message is required" }
    for (position, message) in messages.elements.enumerated() {
      if let problem = problem(inMessage: message, at: "messages.\(position)", setting) {
        return problem
      }
    }
    if let system = params["system"], !system.isNull,
      let problem = problem(inText: system, at: "system")
    {
      return problem
    }
    if OutputFormat.schema(in: params) != nil,
      messages.element(at: -1)?["role"]?.text == "assistant"
    {
      return "output_config.format: not supported together with a prefilled assistant message"
    }
    return nil
  }

  private static func problem(
    inMessage message: JSONView, at place: String, _ setting: MessageSetting
  ) -> String? {
    guard message.kind == .object else { return "\(place): Input should be a valid dictionary" }
    guard let role = message["role"] else { return "\(place).role: Field required" }
    guard role.kind == .string, ["user", "assistant"].contains(role.text) else {
      return "\(place).role: Input should be 'user' or 'assistant'"
    }
    for member in message.members where !["role", "content"].contains(member.key.text) {
      return "\(place).\(member.key.text): Extra inputs are not permitted"
    }
    guard let content = message["content"] else { return "\(place).content: Field required" }
    if content.kind == .string {
      let isEmpty = content.rawBytes.isEmpty
      return isEmpty && role.text == "user"
        ? "messages: text content blocks must be non-empty" : nil
    }
    guard content.kind == .array else { return "\(place).content: Input should be a valid list" }
    for (position, block) in content.elements.enumerated() {
      let place = "\(place).content.\(position)"
      if let problem = problem(inBlock: block, role: role.text, at: place, setting) {
        return problem
      }
    }
    return nil
  }

  private static func problem(
    inBlock block: JSONView, role: String, at place: String, _ setting: MessageSetting
  ) -> String? {
    guard block.kind == .object else { return "\(place): Input should be a valid dictionary" }
    guard let type = block["type"]?.text else { return "\(place).type: Field required" }
    if type == "text" {
      guard let text = block["text"] else { return "\(place).text: Field required" }
      guard text.kind == .string else { return "\(place).text: Input should be a valid string" }
      if text.rawBytes.isEmpty { return "messages: text content blocks must be non-empty" }
      if setting.refusesSampling, role == "user", let citations = block["citations"],
        citations.kind == .array, citations.count > 0
      {
        return "\(place).citations: Extra inputs are not permitted"
      }
    }
    if setting.refusesSampling, role == "assistant", type == "document" {
      return "\(place): document blocks are not permitted in an assistant message"
    }
    return nil
  }

  private static func problem(inText text: JSONView, at place: String) -> String? {
    if text.kind == .string { return nil }
    guard text.kind == .array else { return "\(place): Input should be a valid string" }
    for (position, block) in text.elements.enumerated() {
      guard block["type"]?.text == "text", block["text"]?.kind == .string else {
        return "\(place).\(position): Input should be a text block"
      }
    }
    return nil
  }
}
