import Records

/// Calls of Gemini's API, as raw as they go over the wire.
extension SandboxClient {
  func gemini(
    _ method: String, _ path: String, _ body: String? = nil, headers: [String: String] = [:]
  ) async throws -> Answer {
    try await call(
      method, "/gemini/\(path)", body,
      headers: ["x-api-key": "", "anthropic-version": "", "x-goog-api-key": "test"]
        .merging(headers) { $1 })
  }

  /// Begins an upload and returns where its bytes go, as a path.
  func geminiUpload(_ byteCount: Int) async throws -> String {
    let begun = try await gemini(
      "POST", "upload/v1beta/files",
      "{\"file\":{\"display_name\":\"in\",\"mime_type\":\"jsonl\",\"size_bytes\":\(byteCount)}}",
      headers: [
        "x-goog-upload-protocol": "resumable", "x-goog-upload-command": "start",
        "x-goog-upload-header-content-length": "\(byteCount)",
      ])
    let url = begun.headers["x-goog-upload-url"] ?? ""
    return String(url.dropFirst(root.count))
  }

  /// Sends bytes to where an upload wants them, without a key as the SDK does.
  func geminiChunk(
    _ path: String, _ text: String, at offset: Int, _ command: String = "upload, finalize"
  ) async throws -> Answer {
    try await call(
      "POST", path, text,
      headers: [
        "x-api-key": "", "anthropic-version": "", "x-goog-upload-command": command,
        "x-goog-upload-offset": "\(offset)",
      ])
  }

  /// Creates a batch of these lines, as a file.
  func geminiBatch(
    _ lines: [String], model: String = "gemini-2.5-flash"
  ) async throws -> String {
    let text = lines.joined(separator: "\n")
    let file = try await geminiChunk(try await geminiUpload(text.utf8.count), text, at: 0).json
    let body = """
      {"batch":{"displayName":"d","inputConfig":{"fileName":"\(file["file"]?["name"]?.string ?? "")"}}}
      """
    let answer = try await gemini("POST", "v1/models/\(model):batchGenerateContent", body)
    return answer.json["name"]?.string ?? ""
  }

  func geminiOperation(_ name: String) async throws -> JSONValue {
    try await gemini("GET", "v1/\(name)").json
  }

  /// The rows of the file that a batch left, by their key.
  func geminiRows(_ operation: JSONValue) async throws -> [String: JSONValue] {
    let file = operation["response"]?["responsesFile"]?.string ?? ""
    var rows: [String: JSONValue] = [:]
    for row in try await gemini("GET", "v1/\(file):download?alt=media").rows {
      rows[row["key"]?.string ?? ""] = row
    }
    return rows
  }
}

/// A line of an input file of Gemini's.
func generateLine(_ key: String, _ text: String, _ more: String = "") -> String {
  "{\"key\":\"\(key)\",\"request\":\(generate(text, more))}"
}

/// A body that asks for an answer in text.
func generate(_ text: String, _ more: String = "") -> String {
  "{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\(JSONValue.string(text).compact)}]}]\(more)}"
}
