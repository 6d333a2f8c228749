extension Route {
  /// The call behind a method and the parts of a path under `/anthropic`.
  static func anthropic(_ method: String, _ parts: [String]) -> (Name, String) {
    guard parts.first == "v1" else { return (.unknown, "") }
    let rest = Array(parts.dropFirst())
    switch (method, rest.count, rest.first) {
    case ("GET", 1, "models"): return (.models, "")
    case ("GET", 2, "models"): return (.model, rest[1])
    case ("POST", 1, "messages"): return (.messages, "")
    case ("POST", 2, "messages") where rest[1] == "count_tokens": return (.countTokens, "")
    case (_, 2..., "messages") where rest[1] == "batches":
      return batches(method, Array(rest.dropFirst(2)))
    default: return (.unknown, "")
    }
  }

  private static func batches(_ method: String, _ rest: [String]) -> (Name, String) {
    switch (method, rest.count) {
    case ("POST", 0): (.create, "")
    case ("GET", 0): (.list, "")
    case ("GET", 1): (.retrieve, rest[0])
    case ("DELETE", 1): (.delete, rest[0])
    case ("GET", 2) where rest[1] == "results": (.results, rest[0])
    case ("POST", 2) where rest[1] == "cancel": (.cancel, rest[0])
    default: (.unknown, "")
    }
  }
}
