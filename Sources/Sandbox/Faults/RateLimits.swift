internal import Records

/// The provider's limits on an account.
///
/// Nil does not limit: a virtual clock that stands still would never open a window again.
struct RateLimits: Sendable {
  /// Calls of the API in a minute of the sandbox's time.
  var requestsPerMinute: Int?
  /// Rows of batches that have not ended.
  var rowsInQueue: Int?

  /// Tokens that the prompts of a model's batches that have not ended may have together (OpenAI,
  /// Gemini).
  var enqueuedTokens: Int?

  init() {}

  init(_ json: JSONValue, _ place: ScriptPlace) throws(SandboxError) {
    try place.allow(["requests_per_minute", "rows_in_queue", "enqueued_tokens"], in: json)
    requestsPerMinute = json["requests_per_minute"]?.int
    rowsInQueue = json["rows_in_queue"]?.int
    enqueuedTokens = json["enqueued_tokens"]?.int
  }
}
