internal import Records

/// An answer before it is HTTP.
struct Reply: Sendable {
  enum Body: Sendable {
    case bytes([UInt8])
    /// A file that is sent in chunks.
    case file(String)
  }

  var status = 200
  var headers: [String: String] = [:]
  var body = Body.bytes([])
  /// What the journal keeps of what was done.
  var note: [JSONValue.Member] = []

  /// A JSON answer.
  init(_ json: JSONValue, status: Int = 200) {
    var bytes = ByteBuffer()
    json.append(to: &bytes)
    self.init(json: Array(bytes.bytes), status: status)
  }

  /// A JSON answer that is written already.
  init(json bytes: [UInt8], status: Int = 200) {
    self.status = status
    body = .bytes(bytes)
    headers["content-type"] = "application/json"
  }

  /// Bytes of another type.
  init(bytes: [UInt8], type: String) {
    body = .bytes(bytes)
    headers["content-type"] = type
  }

  /// A file in chunks.
  init(file path: String, type: String) {
    body = .file(path)
    headers["content-type"] = type
  }

  /// An error.
  init(_ error: APIError, _ api: SandboxAPI, requestID: String) {
    self.init(error.json(api, requestID: requestID), status: error.status)
    headers.merge(error.headers) { $1 }
  }

  /// Any bytes of any type.
  init(status: Int, type: String, text: String, headers: [String: String]) {
    self.status = status
    body = .bytes(Array(text.utf8))
    self.headers = headers
    self.headers["content-type"] = type
  }
}
