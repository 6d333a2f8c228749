internal import Records

/// When the things are refused that documentation only calls a validation error: `stream: true`,
/// `max_tokens: 0`, `speed` and the like in a batch.
enum RowStrictness: String, Sendable {
  /// The row is `errored` when the batch ends, as all other mistakes in `params` are.
  case atEnd = "errored_row"
  /// The create call fails.
  case atCreate = "create"
}

/// What is checked of a batch request before the batch exists: the envelope, and nothing in
/// `params`.
enum EnvelopeRules {
  /// The provider's sentence on the first thing wrong with a request, nil when nothing is.
  ///
  /// A custom_id that is right is added to `seen`.
  static func problem(
    in request: JSONView, at position: Int, _ strictness: RowStrictness,
    _ seen: inout Set<ContentHash>
  ) -> String? {
    let place = "requests.\(position)"
    guard request.kind == .object else { return "\(place): Input should be a valid dictionary" }
    guard let id = request["custom_id"] else { return "\(place).custom_id: Field required" }
    if let problem = problem(inID: id) { return "\(place).custom_id: \(problem)" }
    guard let params = request["params"] else { return "\(place).params: Field required" }
    guard params.kind == .object else {
      return "\(place).params: Input should be a valid dictionary"
    }
    for member in request.members where !isKnown(member.key) {
      return "\(place).\(member.key.text): Extra inputs are not permitted"
    }
    if strictness == .atCreate, let name = MessageRules.notInBatches(params) {
      return "\(place).params.\(name): not supported in a message batch"
    }
    let isNew = seen.insert(ContentHash(of: id.text)).inserted
    return isNew ? nil : "\(place).custom_id: duplicate custom_id '\(id.text)'; they must be unique"
  }

  private static func isKnown(_ key: JSONView) -> Bool {
    let text = key.text
    return text == "custom_id" || text == "params"
  }

  private static func problem(inID id: JSONView) -> String? {
    guard id.kind == .string else { return "Input should be a valid string" }
    let text = id.text
    if text.isEmpty { return "String should have at least 1 character" }
    if text.unicodeScalars.count > 64 { return "String should have at most 64 characters" }
    let isSafe = text.utf8.allSatisfy { byte in
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x5F: true
      default: false
      }
    }
    return isSafe ? nil : "String should match pattern '^[a-zA-Z0-9_-]{1,64}$'"
  }
}
