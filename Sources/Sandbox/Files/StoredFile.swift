internal import Records

/// A file that a client sent, or that a batch left.
struct StoredFile: Hashable, Sendable {
  /// Where its bytes are.
  enum Source: String, Sendable {
    /// Under its own id.
    case upload
    /// The results or the failures of the batch in `batch`.
    case results, failures
  }

  let id: String
  let api: SandboxAPI
  let workspace: String
  var filename: String
  /// OpenAI's purpose; the type of a Gemini file.
  var kind: String
  let byteCount: Int
  let createdAtMs: Int64
  /// From then on it is gone.
  let expiresAtMs: Int64
  var source = Source.upload
  /// The batch that left it.
  var batch = ""

  /// The line that says it was stored.
  var json: JSONValue {
    .object([
      "event": .string("stored"), "at_ms": .number(createdAtMs), "id": .string(id),
      "api": .string(api.rawValue), "workspace": .string(workspace),
      "filename": .string(filename), "kind": .string(kind), "bytes": .number(byteCount),
      "expires_at_ms": .number(expiresAtMs), "source": .string(source.rawValue),
      "batch": .string(batch),
    ])
  }

  init(
    id: String, api: SandboxAPI, workspace: String, filename: String, kind: String, byteCount: Int,
    createdAtMs: Int64, expiresAtMs: Int64, source: Source = .upload, batch: String = ""
  ) {
    self.id = id
    self.api = api
    self.workspace = workspace
    self.filename = filename
    self.kind = kind
    self.byteCount = byteCount
    self.createdAtMs = createdAtMs
    self.expiresAtMs = expiresAtMs
    self.source = source
    self.batch = batch
  }

  /// Reads what `json` writes; nil when something is missing.
  init?(_ json: JSONValue) {
    guard let id = json["id"]?.string, let created = json["at_ms"]?.int,
      let api = json["api"]?.string.flatMap(SandboxAPI.init(rawValue:)),
      let source = json["source"]?.string.flatMap(Source.init(rawValue:)),
      let expires = json["expires_at_ms"]?.int, let bytes = json["bytes"]?.int
    else { return nil }
    self.init(
      id: id, api: api, workspace: json["workspace"]?.string ?? "",
      filename: json["filename"]?.string ?? "", kind: json["kind"]?.string ?? "", byteCount: bytes,
      createdAtMs: Int64(created), expiresAtMs: Int64(expires), source: source,
      batch: json["batch"]?.string ?? "")
  }
}
