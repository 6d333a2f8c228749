import Foundation
import Records

/// Calls of OpenAI's API, as raw as they go over the wire.
extension SandboxClient {
  func openAI(
    _ method: String, _ path: String, _ body: String? = nil, headers: [String: String] = [:]
  ) async throws -> Answer {
    try await call(
      method, "/openai/v1/\(path)", body,
      headers: ["x-api-key": "", "anthropic-version": "", "authorization": "Bearer test"]
        .merging(headers) { $1 })
  }

  /// Sends a file as a form, the purpose before or after it.
  func upload(
    _ lines: String, purpose: String = "batch", fields: [String: String] = [:],
    name: String = "in.jsonl", isPurposeFirst: Bool = true
  ) async throws -> Answer {
    let mark = "----leaven-\(lines.utf8.count)"
    func part(_ name: String, _ value: String, _ more: String = "") -> String {
      "--\(mark)\r\nContent-Disposition: form-data; name=\"\(name)\"\(more)\r\n\r\n\(value)\r\n"
    }
    let file = part(
      "file", lines, "; filename=\"\(name)\"\r\nContent-Type: application/octet-stream")
    var words = fields.map { part($0.key, $0.value) }.joined()
    words += part("purpose", purpose)
    let form = (isPurposeFirst ? words + file : file + words) + "--\(mark)--\r\n"
    return try await openAI(
      "POST", "files", form, headers: ["content-type": "multipart/form-data; boundary=\(mark)"])
  }

  /// Creates a batch of these lines.
  func openAIBatch(
    _ lines: [String], endpoint: String = "/v1/chat/completions", metadata: String = "null"
  ) async throws -> String {
    let file = try await upload(lines.joined(separator: "\n") + "\n").json["id"]?.string ?? ""
    let body = """
      {"input_file_id":"\(file)","endpoint":"\(endpoint)","completion_window":"24h",\
      "metadata":\(metadata)}
      """
    return try await openAI("POST", "batches", body).json["id"]?.string ?? ""
  }

  func openAIStatus(_ id: String) async throws -> JSONValue {
    try await openAI("GET", "batches/\(id)").json
  }

  /// The rows of the file that a batch names in a member, by their custom_id.
  func openAIRows(_ batch: JSONValue, _ member: String) async throws -> [String: JSONValue] {
    let answer = try await openAI("GET", "files/\(batch[member]?.string ?? "")/content")
    var rows: [String: JSONValue] = [:]
    for row in answer.rows { rows[row["custom_id"]?.string ?? ""] = row }
    return rows
  }
}

/// A line of an input file of chat completions.
func chatLine(_ id: String, _ text: String, _ more: String = "") -> String {
  "{\"custom_id\":\"\(id)\",\"method\":\"POST\",\"url\":\"/v1/chat/completions\",\"body\":\(chat(text, more))}"
}

/// A body that asks for an answer in text.
func chat(_ text: String, _ more: String = "") -> String {
  let quoted = JSONValue.string(text).compact
  return
    "{\"model\":\"gpt-6-luna\",\"max_completion_tokens\":500,\"messages\":[{\"role\":\"user\",\"content\":\(quoted)}]\(more)}"
}

/// What makes a chat body ask for a schema.
func format(_ schema: String) -> String {
  ",\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"answer\",\"strict\":true,\"schema\":\(schema)}}"
}
