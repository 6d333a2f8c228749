internal import Records

/// Why a model stopped.
///
/// Only the first three leave an answer that is worth parsing.
public enum StopReason: UInt8, Hashable, Sendable {
  /// It was done.
  case endTurn
  /// It wrote one of the request's stop sequences.
  case stopSequence
  /// It called a tool: an answer when the tool was forced.
  case toolUse
  /// It reached `max_tokens`; JSON is likely cut.
  case maxTokens
  /// Input and output filled the context window.
  case contextWindow
  /// It declined; the schema is not honoured.
  case refusal
  /// A server tool's loop paused.
  case pauseTurn
  /// There is none, or one that this version does not know.
  case unknown

  /// Whether the answer is complete as far as the provider knows.
  public var isComplete: Bool { self == .endTurn || self == .stopSequence || self == .toolUse }

  init(_ view: JSONView?) {
    self = view.flatMap { view in Self.words.first { view.isText($0.word) }?.reason } ?? .unknown
  }

  /// Reads a chat completion's `finish_reason`.
  init(chat view: JSONView?) {
    self =
      view.flatMap { view in Self.chatWords.first { view.isText($0.word) }?.reason } ?? .unknown
  }

  /// Reads why a response is as it is.
  init(response: JSONView) {
    let status = response.string("status")
    guard let status, !status.isText("completed") else {
      self = .endTurn
      return
    }
    let reason = response.member("incomplete_details")?.string("reason")
    if reason?.isText("max_output_tokens") == true {
      self = .maxTokens
    } else if reason?.isText("content_filter") == true {
      self = .refusal
    } else {
      self = .unknown
    }
  }

  /// Reads a candidate's `finishReason`.
  init(generated view: JSONView?) {
    self =
      view.flatMap { view in Self.generatedWords.first { view.isText($0.word) }?.reason }
      ?? .unknown
  }

  private static let generatedWords: [(word: StaticString, reason: StopReason)] = [
    ("STOP", .endTurn), ("MAX_TOKENS", .maxTokens), ("SAFETY", .refusal),
    ("RECITATION", .refusal), ("PROHIBITED_CONTENT", .refusal), ("BLOCKLIST", .refusal),
    ("SPII", .refusal), ("LANGUAGE", .refusal), ("IMAGE_SAFETY", .refusal),
    ("IMAGE_PROHIBITED_CONTENT", .refusal), ("IMAGE_RECITATION", .refusal),
  ]

  private static let chatWords: [(word: StaticString, reason: StopReason)] = [
    ("stop", .endTurn), ("length", .maxTokens), ("tool_calls", .toolUse),
    ("content_filter", .refusal), ("eos", .endTurn), ("function_call", .toolUse),
  ]

  private static let words: [(word: StaticString, reason: StopReason)] = [
    ("end_turn", .endTurn), ("max_tokens", .maxTokens), ("refusal", .refusal),
    ("tool_use", .toolUse), ("stop_sequence", .stopSequence), ("pause_turn", .pauseTurn),
    ("model_context_window_exceeded", .contextWindow),
  ]
}
