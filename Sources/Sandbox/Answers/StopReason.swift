/// Why a model stopped.
///
/// The words are those of fault and answer scripts; each provider has its own for what goes over
/// the wire.
enum StopReason: String, Sendable, CaseIterable {
  case endTurn = "end_turn"
  case maxTokens = "max_tokens"
  case stopSequence = "stop_sequence"
  case toolUse = "tool_use"
  case pauseTurn = "pause_turn"
  case refusal
  case modelContextWindowExceeded = "model_context_window_exceeded"
  /// A filter cut or withheld the answer (Gemini: `SAFETY`).
  case contentFilter = "content_filter"
  /// Gemini's `RECITATION` and `MALFORMED_RESPONSE`, and a prompt that was not let through.
  case recitation
  case malformedResponse = "malformed_response"
  case promptBlocked = "prompt_blocked"

  /// Whether the answer's text is withheld.
  var isRefusal: Bool {
    switch self {
    case .refusal, .contentFilter, .recitation, .malformedResponse, .promptBlocked: true
    default: false
    }
  }
}
