internal import Records

/// What happens to certain rows of certain batches instead of an ordinary answer.
struct RowFault: Sendable {
  /// An answer that is no ordinary one, in a row that succeeded.
  enum OddAnswer: String, Sendable {
    /// JSON that fits no schema.
    case invalid = "invalid_answer"
    /// Text that is not JSON although JSON was asked for.
    case notJSON = "not_json"
    /// No text at all.
    case empty = "empty_answer"
    /// Line separators of Unicode, emoji, an escaped U+0000 and CRLF inside the answer's strings.
    case unicode
    /// More than a megabyte.
    case huge
    /// A Responses answer in two items, of which the first is a cut fragment; elsewhere nothing.
    case fragments
  }

  enum Outcome: Sendable {
    case errored(APIError)
    case canceled
    case expired
    case stopped(StopReason, category: String?)
    case odd(OddAnswer)
  }

  /// The share of the rows it happens to, drawn anew in each batch.
  var share = 1.0
  var customID: Pattern?
  var contains: [UInt8]?
  var batches = Occasion()
  let outcome: Outcome

  init(_ json: JSONValue, _ place: ScriptPlace) throws(SandboxError) {
    try place.allow(
      [
        "share", "custom_id", "contains", "batches", "outcome", "type", "message", "code",
        "category",
      ],
      in: json)
    share = json["share"]?.double ?? 1
    customID = json["custom_id"]?.string.map(Pattern.init)
    contains = json["contains"]?.string.map { Array($0.utf8) }
    batches = try Occasion(json["batches"], place.inside("batches"))
    outcome = try Self.outcome(json, place)
  }

  private static func outcome(
    _ json: JSONValue, _ place: ScriptPlace
  ) throws(SandboxError) -> Outcome {
    let word = json["outcome"]?.string ?? ""
    switch word {
    case "errored":
      return .errored(
        APIError(
          status: 500, type: json["type"]?.string,
          message: json["message"]?.string ?? "Internal server error",
          code: json["code"]?.string))
    case "canceled": return .canceled
    case "expired": return .expired
    default:
      if let odd = OddAnswer(rawValue: word) { return .odd(odd) }
      if let reason = StopReason(rawValue: word) {
        return .stopped(reason, category: json["category"]?.string)
      }
      throw place.error("has an unknown outcome '\(word)'")
    }
  }

  /// Whether it happens to a row.
  func hits(
    customID id: String, text: borrowing RequestText, batch: Int, seed: UInt64, number: Int
  ) -> Bool {
    guard batches.includes(batch) else { return false }
    if let customID, !customID.matches(id) { return false }
    if let contains, !text.contains(contains) { return false }
    guard share < 1 else { return true }
    var draw = Draw(seed: seed, "row fault \(number) batch \(batch) \(id)")
    return draw.share() < share
  }
}
