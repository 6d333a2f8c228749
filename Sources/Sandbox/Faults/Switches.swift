internal import Records

/// Choices where the real service's behaviour is not established, or differs.
struct Switches: Sendable {
  /// When a batch refuses what only its documentation excludes.
  var batchOnlyErrors = RowStrictness.atEnd
  /// Whether result rows come in the order of the requests instead of a drawn one.
  var keepsOrder = false
  /// Whether rows of a canceled batch that were not done are left out instead of `canceled`.
  var omitsCanceledRows = false
  /// The share of requests with a known prefix that find it in the cache.
  var cacheHitShare = 0.6
  /// The status of results that are asked for before the batch has ended.
  var earlyResultsStatus = 404

  /// Whether the error file of a batch without failures is null instead of an empty string.
  var hasNullErrorFile = false

  /// Whether batches of OpenAI's API look as those of servers that only resemble it.
  var isResemblance = false

  /// Whether inline answers of Gemini's come without their keys.
  var omitsInlineMetadata = false

  init() {}

  init(_ json: JSONValue, _ place: ScriptPlace) throws(SandboxError) {
    try place.allow(
      [
        "batch_only_errors", "order", "canceled_rows", "cache_hit_share", "early_results_status",
        "no_error_file", "inline_metadata", "resemblance",
      ], in: json)
    if let word = json["batch_only_errors"]?.string {
      guard let strictness = RowStrictness(rawValue: word) else {
        throw place.error("has an unknown batch_only_errors '\(word)'")
      }
      batchOnlyErrors = strictness
    }
    isResemblance = json["resemblance"]?.bool == true
    omitsInlineMetadata = json["inline_metadata"]?.bool == false
    keepsOrder = json["order"]?.string == "source"
    omitsCanceledRows = json["canceled_rows"]?.bool == false
    if let word = json["no_error_file"]?.string {
      guard ["empty", "null"].contains(word) else {
        throw place.error("has an unknown no_error_file '\(word)'")
      }
      hasNullErrorFile = word == "null"
    }
    cacheHitShare = json["cache_hit_share"]?.double ?? cacheHitShare
    earlyResultsStatus = json["early_results_status"]?.int ?? earlyResultsStatus
  }
}
