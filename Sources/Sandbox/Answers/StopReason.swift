/// Why a model stopped, as the provider writes it.
enum StopReason: String, Sendable, CaseIterable {
  case endTurn = "end_turn"
  case maxTokens = "max_tokens"
  case stopSequence = "stop_sequence"
  case toolUse = "tool_use"
  case pauseTurn = "pause_turn"
  case refusal
  case modelContextWindowExceeded = "model_context_window_exceeded"
}
