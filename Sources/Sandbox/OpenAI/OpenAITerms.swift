internal import Records

/// What a batch of OpenAI's was created with, and what its validation found.
struct OpenAITerms: Hashable, Sendable {
  /// Something wrong with the input as a whole or with one of its lines.
  struct Failure: Hashable, Sendable {
    let code: String
    let message: String
    var param: String?
    /// From 1; nil for the whole.
    var line: Int?

    var json: JSONValue {
      .object([
        "code": .string(code), "message": .string(message),
        "param": param.map { .string($0) } ?? .null, "line": line.map { .number($0) } ?? .null,
      ])
    }
  }

  var inputFile: String
  var endpoint: String
  var metadata: [JSONValue.Member]?
  /// The model of all lines; nil when none was found.
  var model: String?
  /// How long result files are kept, from their creation.
  var retentionMs: Int64 = 30 * 24 * 3_600_000
  /// The estimate of all prompts.
  var promptTokens = 0
  /// Why it fails; empty when it does not.
  var failures: [Failure] = []

  /// The synchronous call that answers the rows.
  var form: OpenAIForm { OpenAIForm(rawValue: endpoint) ?? .chat }

  init(inputFile: String, endpoint: String, metadata: [JSONValue.Member]?) {
    self.inputFile = inputFile
    self.endpoint = endpoint
    self.metadata = metadata
  }

  init(_ json: JSONValue) {
    inputFile = json["input_file"]?.string ?? ""
    endpoint = json["endpoint"]?.string ?? ""
    metadata = json["metadata"]?.members
    model = json["model"]?.string
    retentionMs = Int64(json["retention_ms"]?.int ?? 30 * 24 * 3_600_000)
    promptTokens = json["prompt_tokens"]?.int ?? 0
    failures = (json["failures"]?.array ?? []).map { failure in
      Failure(
        code: failure["code"]?.string ?? "", message: failure["message"]?.string ?? "",
        param: failure["param"]?.string, line: failure["line"]?.int)
    }
  }

  var members: [JSONValue.Member] {
    [
      .init("input_file", .string(inputFile)), .init("endpoint", .string(endpoint)),
      .init("metadata", metadata.map { .object($0) } ?? .null),
      .init("model", model.map { .string($0) } ?? .null),
      .init("retention_ms", .number(retentionMs)), .init("prompt_tokens", .number(promptTokens)),
      .init("failures", .array(failures.map(\.json))),
    ]
  }
}

/// The synchronous calls whose bodies a batch may have.
enum OpenAIForm: String, Sendable, CaseIterable {
  case chat = "/v1/chat/completions"
  case responses = "/v1/responses"

  func dialect(_ place: OpenAIPlace) -> any Dialect {
    switch self {
    case .chat: ChatDialect(place: place)
    case .responses: ResponsesDialect(place: place)
    }
  }
}

/// Where a body of OpenAI's stands.
enum OpenAIPlace: Sendable { case batchRow, call, tokenCount }
