internal import Records

/// How certain batches run instead of finishing after a drawn time.
struct BatchFault: Sendable {
  var which = Occasion()
  /// How long they take; nil leaves it drawn.
  var durationMs: Int64?
  /// The share of rows that ever get done; below 1 the batch ends by expiry or cancellation.
  var reachableShare = 1.0
  /// When the provider cancels them, after their creation; nil is never.
  var cancelAfterMs: Int64?

  init(_ json: JSONValue, _ place: ScriptPlace) throws(SandboxError) {
    try place.allow(["which", "duration_s", "done_share", "cancel_after_s"], in: json)
    which = try Occasion(json["which"], place.inside("which"))
    durationMs = json["duration_s"]?.double.map { Int64(min(max($0, 0), 1e9) * 1000) }
    reachableShare = min(1, max(0, json["done_share"]?.double ?? 1))
    cancelAfterMs = json["cancel_after_s"]?.double.map { Int64(min(max($0, 0), 1e9) * 1000) }
  }
}
