import Foundation
import Records
import Sandbox
import TestSupport

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// A sandbox on a port of its own, and calls to it.
final class SandboxClient: Sendable {
  /// An answer.
  struct Answer: Sendable {
    var status: Int
    var headers: [String: String]
    var body: [UInt8]

    var json: JSONValue { (try? JSONValue(parsing: body)) ?? .null }
    var text: String { String(decoding: body, as: UTF8.self) }
    var message: String { json["error"]?["message"]?.string ?? "" }
    /// The lines of a results file, parsed.
    var rows: [JSONValue] {
      body.split(separator: 0x0A).compactMap { try? JSONValue(parsing: Array($0)) }
    }
  }

  static let startMs: Int64 = 1_795_000_000_000
  let server: SandboxServer
  private let session: URLSession
  private let seat: ServerSeat

  init(_ change: (inout SandboxConfiguration) throws -> Void = { _ in }) async throws {
    seat = await ServerSeat.take()
    var configuration = SandboxConfiguration()
    configuration.startsAtMs = Self.startMs
    try change(&configuration)
    server = SandboxServer(configuration)
    try await server.start()
    session = URLSession(configuration: .ephemeral)
  }

  /// Runs a test against a fresh sandbox and stops it.
  static func with<Value>(
    _ change: (inout SandboxConfiguration) throws -> Void = { _ in },
    _ body: (SandboxClient) async throws -> Value
  ) async throws -> Value {
    let client = try await SandboxClient(change)
    do {
      let value = try await body(client)
      await client.server.stop()
      return value
    } catch {
      await client.server.stop()
      throw error
    }
  }

  var root: String { "http://127.0.0.1:\(server.port ?? 0)" }

  /// One call; `path` is taken under `/anthropic/v1` unless it begins with a slash.
  func call(
    _ method: String, _ path: String, _ body: String? = nil, headers: [String: String] = [:]
  ) async throws -> Answer {
    let address = path.hasPrefix("/") ? root + path : "\(root)/anthropic/v1/\(path)"
    guard let url = URL(string: address) else { throw URLError(.badURL) }
    var request = URLRequest(url: url)
    request.httpMethod = method
    request.httpBody = body.map { Data($0.utf8) }
    let usual = [
      "x-api-key": "test", "anthropic-version": "2026-10-21", "content-type": "application/json",
    ]
    for (name, value) in usual.merging(headers, uniquingKeysWith: { $1 }) where !value.isEmpty {
      request.setValue(value, forHTTPHeaderField: name)
    }
    let (data, response) = try await session.data(for: request)
    let http = response as? HTTPURLResponse
    var answer = Answer(status: http?.statusCode ?? 0, headers: [:], body: Array(data))
    for (name, value) in http?.allHeaderFields ?? [:] {
      answer.headers["\(name)".lowercased()] = "\(value)"
    }
    return answer
  }

  /// Creates a batch of these params by custom_id.
  func create(_ rows: KeyValuePairs<String, String>) async throws -> Answer {
    try await call("POST", "messages/batches", Self.envelope(rows))
  }

  /// The id of a new batch of these params by custom_id.
  func batch(_ rows: KeyValuePairs<String, String>) async throws -> String {
    try await create(rows).json["id"]?.string ?? ""
  }

  func retrieve(_ id: String) async throws -> JSONValue {
    try await call("GET", "messages/batches/\(id)").json
  }

  func results(_ id: String) async throws -> Answer {
    try await call("GET", "messages/batches/\(id)/results")
  }

  /// Moves the time.
  func advance(hours: Double) async throws {
    let now = try await call("GET", "/sandbox/clock").json["now_ms"]?.int ?? 0
    let then = now + Int(hours * 3_600_000)
    _ = try await call("POST", "/sandbox/clock", "{\"advance_to_ms\": \(then)}")
  }

  /// The result of each row of a new batch, an hour after its creation.
  func outcome(_ rows: KeyValuePairs<String, String>) async throws -> [String: JSONValue] {
    let id = try await batch(rows)
    try await advance(hours: 1)
    var found: [String: JSONValue] = [:]
    for row in try await results(id).rows {
      found[row["custom_id"]?.string ?? ""] = row["result"]
    }
    return found
  }

  func meter() async throws -> JSONValue { try await call("GET", "/sandbox/meter").json }

  func journal() async throws -> [JSONValue] { try await call("GET", "/sandbox/journal").rows }

  static func envelope(_ rows: KeyValuePairs<String, String>) -> String {
    let items = rows.map { "{\"custom_id\":\"\($0.key)\",\"params\":\($0.value)}" }
    return "{\"requests\":[\(items.joined(separator: ","))]}"
  }
}

/// A body that asks for an answer in text.
func params(_ text: String, _ more: String = "") -> String {
  let quoted = JSONValue.string(text).compact
  return
    "{\"model\":\"claude-haiku-4-5\",\"max_tokens\":500,\"messages\":[{\"role\":\"user\",\"content\":\(quoted)}]\(more)}"
}

/// A body that asks for an answer under a schema.
func params(_ text: String, schema: String) -> String {
  params(
    text, ",\"output_config\":{\"format\":{\"type\":\"json_schema\",\"schema\":\(schema)}}")
}
