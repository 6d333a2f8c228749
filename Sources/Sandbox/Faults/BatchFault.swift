internal import Records

/// How certain batches run instead of finishing after a drawn time.
struct BatchFault: Sendable {
  var which = Occasion()
  /// Only batches of such a model, where the provider's batches have one; nil is any.
  var model: Pattern?
  /// How long they take; nil leaves it drawn.
  var durationMs: Int64?
  /// The share of rows that ever get done; below 1 the batch ends by expiry or cancellation.
  var reachableShare = 1.0
  /// When the provider cancels them, after their creation; nil is never.
  var cancelAfterMs: Int64?

  /// Why the provider gives them up as a whole (OpenAI, Gemini); nil when it does not.
  var failure: Failure?

  /// What a batch that fails says.
  struct Failure: Sendable {
    let code: String
    let message: String
    /// What OpenAI names beside: a parameter, and a line from 1.
    let param: String?
    let line: Int?
  }

  init(_ json: JSONValue, _ place: ScriptPlace) throws(SandboxError) {
    try place.allow(
      ["which", "model", "duration_s", "done_share", "cancel_after_s", "failure"], in: json)
    which = try Occasion(json["which"], place.inside("which"))
    model = json["model"]?.string.map(Pattern.init)
    if let failure = json["failure"] {
      try place.allow(["code", "message", "param", "line"], in: failure)
      self.failure = Failure(
        code: failure["code"]?.string ?? "server_error",
        message: failure["message"]?.string ?? "The sandbox was told to fail this batch.",
        param: failure["param"]?.string, line: failure["line"]?.int)
    }
    durationMs = json["duration_s"]?.double.map { Int64(min(max($0, 0), 1e9) * 1000) }
    reachableShare = min(1, max(0, json["done_share"]?.double ?? 1))
    cancelAfterMs = json["cancel_after_s"]?.double.map { Int64(min(max($0, 0), 1e9) * 1000) }
  }

  /// Whether it happens to a batch.
  func hits(_ ordinal: Int, _ terms: BatchTerms) -> Bool {
    guard which.includes(ordinal) else { return false }
    guard let model else { return true }
    return terms.model.map(model.matches) ?? false
  }
}
