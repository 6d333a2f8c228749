internal import Foundation

extension Route {
  /// The call behind a method and the parts of a path under `/gemini`.
  ///
  /// The id of an upload's start is the version it was called under.
  static func gemini(_ method: String, _ parts: [String]) -> (Name, String) {
    let versions = ["v1", "v1beta"]
    if let first = parts.first, ["upload", "download"].contains(first), parts.count > 2,
      versions.contains(parts[1]), parts[2] == "files"
    {
      return transfers(method, first, parts)
    }
    guard let version = parts.first, versions.contains(version), parts.count > 1, parts.count < 4
    else { return (.unknown, "") }
    // A colon may be written as it is, or escaped.
    let last = parts.count == 3 ? parts[2].replacing("%3A", with: ":") : ""
    let words = last.split(separator: ":", maxSplits: 1).map(String.init)
    return named(method, parts[1], words.first ?? "", words.count > 1 ? words[1] : "")
  }

  private static func transfers(
    _ method: String, _ first: String, _ parts: [String]
  ) -> (Name, String) {
    switch (method, first, parts.count) {
    case ("POST", "upload", 3): return (.upload, parts[1])
    case (_, "upload", 4): return (.uploadBytes, parts[3])
    case ("GET", "download", 4):
      let id = parts[3].replacing("%3A", with: ":")
      return id.hasSuffix(":download") ? (.content, String(id.dropLast(9))) : (.unknown, "")
    default: return (.unknown, "")
    }
  }

  private static func named(
    _ method: String, _ folder: String, _ id: String, _ verb: String
  ) -> (Name, String) {
    switch (method, folder, id.isEmpty, verb) {
    case ("GET", "models", true, ""): return (.models, "")
    case ("GET", "models", false, ""): return (.model, id)
    case ("POST", "models", false, "generateContent"): return (.generate, id)
    case ("POST", "models", false, "countTokens"): return (.countTokens, id)
    case ("POST", "models", false, "batchGenerateContent"): return (.create, id)
    case ("GET", "files", true, ""): return (.files, "")
    case ("GET", "files", false, ""): return (.file, id)
    case ("GET", "files", false, "download"): return (.content, id)
    case ("DELETE", "files", false, ""): return (.deleteFile, id)
    case ("GET", "batches", true, ""): return (.list, "")
    case ("GET", "batches", false, ""): return (.retrieve, id)
    case ("DELETE", "batches", false, ""): return (.delete, id)
    case ("POST", "batches", false, "cancel"): return (.cancel, id)
    default: return (.unknown, "")
    }
  }
}
