internal import Records

/// Looks at the input file of a batch as a whole, as the provider does before it runs anything.
struct OpenAIInput: ~Copyable {
  /// Lines and bytes that a file may have.
  static let lineLimit = 50_000
  static let byteLimit = 200_000_000
  /// No more failures than this are told.
  private static let toldLimit = 100

  private(set) var count = 0
  private(set) var promptTokens = 0
  private(set) var model: String?
  private(set) var failures: [OpenAITerms.Failure] = []
  /// Whether the last line has no line end.
  private(set) var isUnended = false

  private let endpoint: String
  private let dialect: any Dialect
  private var seen = Set<ContentHash>()
  private var tape = JSONTape()
  private var text = RequestText()

  init(_ endpoint: String) {
    self.endpoint = endpoint
    dialect = (OpenAIForm(rawValue: endpoint) ?? .chat).dialect(.batchRow)
  }

  /// Reads a file of so many bytes.
  mutating func read(_ path: String, byteCount: Int) {
    guard byteCount <= Self.byteLimit else {
      fail("file_too_large", "The input file is larger than the limit of 200 MB.", "file")
      return
    }
    guard var lines = InputLines(path) else { return }
    while let line = lines.next() {
      count += 1
      look(at: line)
    }
    isUnended = lines.isUnended
    if count == 0 { fail("empty_file", "The input file is empty.", "file") }
    if count > Self.lineLimit {
      fail(
        "too_many_tasks",
        "The input file has \(count) requests, more than the limit of \(Self.lineLimit).", "file")
    }
  }

  /// Fails the batch; without `line`, as a whole.
  mutating func fail(_ code: String, _ message: String, _ param: String?, line: Int? = nil) {
    guard failures.count < Self.toldLimit else { return }
    failures.append(
      OpenAITerms.Failure(code: code, message: message, param: param, line: line))
  }

  private mutating func look(at line: UnsafeBufferPointer<UInt8>) {
    // A mark of byte order is no JSON; the provider refuses it, too.
    guard line.first != 0xEF, let json = try? tape.parse(line), json.kind == .object else {
      fail("invalid_json_line", "This line is not parseable as valid JSON.", nil, line: count)
      return
    }
    for name in ["custom_id", "method", "url", "body"] where json[name]?.isNull ?? true {
      fail(
        "missing_required_parameter", "Missing required parameter: '\(name)'.", name, line: count)
      return
    }
    guard let id = json["custom_id"], let url = json["url"], let body = json["body"] else { return }
    if let (code, message, param) = Self.problem(id, json["method"]?.text ?? "", url.text, endpoint)
      ?? Self.problem(inBody: body)
    {
      fail(code, message, param, line: count)
      return
    }
    if !seen.insert(ContentHash(of: id.text)).inserted {
      fail(
        "duplicate_custom_id",
        "The custom_id for this request is a duplicate of another request. The custom_id parameter "
          + "must be unique for each request in a batch.", "custom_id", line: count)
      return
    }
    takeModel(body["model"]?.text ?? "")
    text.read(body, dialect)
    promptTokens += text.tokens
  }

  private mutating func takeModel(_ name: String) {
    guard Model.named(name, of: .openai) != nil else {
      fail(
        "model_not_found", "The provided model '\(name)' is not supported by the Batch API.",
        "body.model", line: count)
      return
    }
    guard let model, model != name else {
      self.model = name
      return
    }
    fail(
      "mismatched_model",
      "The model '\(name)' is not the one of the batch's other requests, '\(model)'; a batch has one.",
      "body.model", line: count)
  }

  /// A code, a sentence and a parameter.
  private typealias Problem = (String, String, String)

  private static func problem(
    _ id: JSONView, _ method: String, _ url: String, _ endpoint: String
  ) -> Problem? {
    guard id.kind == .string else {
      return ("invalid_type", "Invalid type for 'custom_id': expected a string.", "custom_id")
    }
    let length = id.text.unicodeScalars.count
    if length > 64 {
      return (
        "string_above_max_length",
        "Invalid 'custom_id': string too long. Expected a string with maximum length 64, but got a "
          + "string with length \(length) instead.", "custom_id"
      )
    }
    if method != "POST" {
      return ("invalid_method", "The method '\(method)' is not supported; use POST.", "method")
    }
    guard url != endpoint else { return nil }
    return (
      "invalid_url", "The URL '\(url)' does not match the batch's endpoint '\(endpoint)'.", "url"
    )
  }

  private static func problem(inBody body: JSONView) -> Problem? {
    guard body.kind == .object else {
      return ("invalid_type", "Invalid type for 'body': expected an object.", "body")
    }
    guard let model = body["model"], model.kind == .string else {
      return ("invalid_request", "Model parameter is required.", "body.model")
    }
    guard body["messages"] != nil || body["input"] != nil else {
      return ("invalid_request", "Messages parameter is required.", "body.messages")
    }
    guard body["stream"]?.bool == true else { return nil }
    return (
      "streaming_unsupported", "Streaming is not supported in the Batch API.", "body.stream"
    )
  }
}
