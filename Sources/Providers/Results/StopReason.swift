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

  private static let words: [(word: StaticString, reason: StopReason)] = [
    ("end_turn", .endTurn), ("max_tokens", .maxTokens), ("refusal", .refusal),
    ("tool_use", .toolUse), ("stop_sequence", .stopSequence), ("pause_turn", .pauseTurn),
    ("model_context_window_exceeded", .contextWindow),
  ]
}
