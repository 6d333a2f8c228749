internal import Records

/// Answers written by hand: one JSON object a line, the first that matches a request answers it.
///
/// ```json
/// {"match": {"custom_id": "ticket-7"}, "answer": {"label": "lost_card"}}
/// {"match": {"contains": "refund"}, "answer": "Certainly.", "stop_reason": "end_turn"}
/// {"match": {"custom_id": "chunk-*", "batches": {"nth": 1}}, "error": {"type": "api_error", "message": "…"}}
/// ```
public struct AnswerScript: Sendable {
  /// What a request must be for a line to answer it.
  ///
  /// What is left out matches all.
  struct Match: Sendable {
    var customID: Pattern?
    var contains: [UInt8]?
    var batches = Occasion()
  }

  /// How a line answers.
  enum Reply: Sendable {
    /// The text of the answer: a string as it stands, another value as compact JSON; nil leaves it
    /// to be made.
    case answer(String?, StopReason?)
    case failure(type: String, message: String)
  }

  /// A line.
  struct Line: Sendable {
    var match: Match
    var reply: Reply
  }

  /// In the order of the file.
  private let lines: [Line]
  /// The lines for exactly one custom_id each, by it: a script may have as many as there are rows.
  private var byID: [String: [Int]] = [:]
  /// The other lines.
  private var others: [Int] = []

  /// A script without lines.
  public init() { lines = [] }

  /// Reads a script; empty lines are left out.
  ///
  /// - Parameters:
  ///   - bytes: The text, JSON Lines.
  ///   - name: What errors call it.
  /// - Throws: `SandboxError` of code `script-invalid` that names the line.
  public init(parsing bytes: [UInt8], name: String) throws(SandboxError) {
    var lines: [Line] = []
    for (position, text) in bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
      .enumerated()
    {
      guard text.contains(where: { $0 > 0x20 }) else { continue }
      let place = ScriptPlace("\(name), line \(position + 1)")
      lines.append(try Self.line(try place.object(Array(text)), place))
    }
    self.lines = lines
    for (number, line) in lines.enumerated() {
      if let id = line.match.customID?.exact {
        byID[id, default: []].append(number)
      } else {
        others.append(number)
      }
    }
  }

  private static func line(_ json: JSONValue, _ place: ScriptPlace) throws(SandboxError) -> Line {
    try place.allow(["match", "answer", "error", "stop_reason"], in: json)
    var match = Match()
    if let condition = json["match"] {
      try place.allow(["custom_id", "contains", "batches"], in: condition)
      match.customID = condition["custom_id"]?.string.map(Pattern.init)
      match.contains = condition["contains"]?.string.map { Array($0.utf8) }
      match.batches = try Occasion(condition["batches"], place.inside("match.batches"))
    }
    if let error = json["error"] {
      return Line(
        match: match,
        reply: .failure(
          type: error["type"]?.string ?? "invalid_request_error",
          message: error["message"]?.string ?? "the answer script says so"))
    }
    var reason: StopReason?
    if let word = json["stop_reason"]?.string {
      reason = StopReason(rawValue: word)
      if reason == nil { throw place.error("has an unknown stop_reason '\(word)'") }
    }
    return Line(match: match, reply: .answer(json["answer"].map(text), reason))
  }

  private static func text(_ answer: JSONValue) -> String { answer.string ?? answer.compact }

  /// The first line that matches; nil when none does.
  func line(customID: String?, text: borrowing RequestText, batch: Int) -> Line? {
    let exact = customID.flatMap { byID[$0] }?.first { lines[$0].matches(customID, text, batch) }
    let other = others.first { lines[$0].matches(customID, text, batch) }
    return [exact, other].compactMap(\.self).min().map { lines[$0] }
  }
}

extension AnswerScript.Line {
  fileprivate func matches(
    _ customID: String?, _ text: borrowing RequestText, _ batch: Int
  ) -> Bool {
    if let pattern = match.customID, !(customID.map(pattern.matches) ?? false) { return false }
    if let needle = match.contains, !text.contains(needle) { return false }
    // A synchronous message is in no batch: lines for certain batches are not for it.
    return batch == 0 ? match.batches == Occasion() : match.batches.includes(batch)
  }
}
