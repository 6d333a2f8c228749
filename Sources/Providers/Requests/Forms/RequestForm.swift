/// The form of a request in a shard: what its members are called and where its texts stand.
///
/// A shard's line and a results row show their form by themselves, so neither ledger nor file name needs to know it.
public enum RequestForm: String, Hashable, Sendable, CaseIterable {
  /// Anthropic's Messages: `{"custom_id", "params"}`.
  case messages
  /// OpenAI's Chat Completions: `{"custom_id", "method", "url", "body"}` with `messages`.
  case chat
  /// The same with `max_tokens`, as servers have it that resemble OpenAI's.
  case completions
  /// OpenAI's Responses: the same with `input`.
  case responses
  /// Gemini's generateContent: `{"key", "request"}`.
  case generate

  /// The members of the body that a stage's own keys decide.
  public var ownMembers: Set<String> {
    switch self {
    case .messages: ["model", "max_tokens", "system", "messages"]
    case .chat, .completions:
      ["model", "max_tokens", "max_completion_tokens", "messages", "response_format", "n"]
    case .responses: ["model", "max_output_tokens", "instructions", "input"]
    case .generate:
      ["model", "contents", "systemInstruction", "system_instruction", "generation_config"]
    }
  }

  /// The path that a request is for, where its line or its batch names it.
  var path: String {
    switch self {
    case .messages: "/v1/messages"
    case .chat, .completions: "/v1/chat/completions"
    case .responses: "/v1/responses"
    case .generate: ":generateContent"
    }
  }

  /// The member of the body, and the member of that, that holds the schema of the answer: the rest of it is free.
  var formatMember: (outer: String, inner: String)? {
    switch self {
    case .messages: ("output_config", "format")
    case .chat, .completions: nil
    case .responses: ("text", "format")
    case .generate: ("generationConfig", "responseJsonSchema")
    }
  }

  /// Whether a request says what is to be cached; the providers of other forms keep prefixes unasked.
  public var marksCaches: Bool { self == .messages }

  /// The member of a tool (and of a choice of one) that holds its description, nil where that is the tool itself, and the
  /// one in it that says what the tool's input is; nil where a form has no tools that Leaven knows.
  var toolMembers: (holder: String?, schema: String)? {
    switch self {
    case .messages: (nil, "input_schema")
    case .chat, .completions: ("function", "parameters")
    case .responses: (nil, "parameters")
    case .generate: nil
    }
  }

  /// The member that limits the answer, and the one that holds the turns.
  var members: (maxTokens: StaticString, turns: StaticString) {
    switch self {
    case .messages: ("max_tokens", "messages")
    case .chat: ("max_completion_tokens", "messages")
    case .completions: ("max_tokens", "messages")
    case .responses: ("max_output_tokens", "input")
    case .generate: ("maxOutputTokens", "contents")
    }
  }

  /// What opens a user's turn, up to its text; what opens the model's; what closes either.
  var turn: (user: StaticString, assistant: StaticString, end: StaticString) {
    switch self {
    case .messages, .chat, .completions, .responses:
      (
        "{\"role\":\"user\",\"content\":\"", "{\"role\":\"assistant\",\"content\":\"", "\"}"
      )
    case .generate:
      (
        "{\"role\":\"user\",\"parts\":[{\"text\":\"",
        "{\"role\":\"model\",\"parts\":[{\"text\":\"", "\"}]}"
      )
    }
  }
}

extension RequestForm {
  /// The members beside the schema that the stage's own keys decide, in the member that holds it.
  var formatMembers: [String] {
    guard let (_, inner) = formatMember else { return [] }
    guard self == .generate else { return [inner] }
    return [
      inner, "maxOutputTokens", "responseMimeType", "responseSchema", "candidateCount",
      "max_output_tokens", "response_mime_type", "response_schema", "response_json_schema",
      "candidate_count",
    ]
  }

  /// Parameters that other forms have in the body itself, and this one in the member that holds the schema.
  var settings: Set<String> {
    guard self == .generate else { return [] }
    return [
      "temperature", "topP", "topK", "seed", "stopSequences", "presencePenalty",
      "frequencyPenalty", "thinkingConfig", "responseModalities", "mediaResolution",
    ]
  }
}
