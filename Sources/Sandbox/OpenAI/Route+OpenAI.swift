extension Route {
  /// The call behind a method and the parts of a path under `/openai`.
  static func openAI(_ method: String, _ parts: [String]) -> (Name, String) {
    guard parts.first == "v1" else { return (.unknown, "") }
    let rest = Array(parts.dropFirst())
    switch (method, rest.count, rest.first) {
    case ("GET", 1, "models"): return (.models, "")
    case ("GET", 2, "models"): return (.model, rest[1])
    case ("POST", 2, "chat") where rest[1] == "completions": return (.chat, "")
    case ("POST", 1, "responses"): return (.responses, "")
    case ("POST", 2, "responses") where rest[1] == "input_tokens": return (.countTokens, "")
    case ("POST", 1, "files"): return (.upload, "")
    case ("GET", 1, "files"): return (.files, "")
    case ("GET", 2, "files"): return (.file, rest[1])
    case ("DELETE", 2, "files"): return (.deleteFile, rest[1])
    case ("GET", 3, "files") where rest[2] == "content": return (.content, rest[1])
    case ("POST", 1, "batches"): return (.create, "")
    case ("GET", 1, "batches"): return (.list, "")
    case ("GET", 2, "batches"): return (.retrieve, rest[1])
    case ("POST", 3, "batches") where rest[2] == "cancel": return (.cancel, rest[1])
    default: return (.unknown, "")
    }
  }
}
