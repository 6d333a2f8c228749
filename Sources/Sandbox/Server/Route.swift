/// What a method and a path ask for.
struct Route: Hashable, Sendable {
  /// The calls of the APIs, as fault scripts and the journal name them.
  enum Name: String, Sendable, CaseIterable {
    case create, list, retrieve, results, cancel, delete, messages, models, model
    case countTokens = "count_tokens"
    /// OpenAI's synchronous calls.
    case chat, responses
    /// Gemini's synchronous call.
    case generate
    /// Sending a file; for Gemini the start of it, whose bytes come with `upload_bytes`.
    case upload
    case uploadBytes = "upload_bytes"
    case files, file, content
    case deleteFile = "delete_file"
    /// A path of the API that does not exist.
    case unknown
  }

  /// A call of one provider's API.
  struct Operation: Hashable, Sendable {
    let api: SandboxAPI
    let name: Name
  }

  /// The calls that steer the sandbox itself.
  enum Control: Hashable, Sendable {
    case clock, moveClock, journal, meter, unknown
  }

  enum Target: Hashable, Sendable {
    case api(Operation)
    case control(Control)
  }

  let target: Target
  /// The id in the path, empty where there is none.
  let id: String

  init(method: String, path: String) {
    let parts = path.split(separator: "/").map(String.init)
    let rest = Array(parts.dropFirst())
    guard let first = parts.first, let api = SandboxAPI(rawValue: first) else {
      let control = parts.first == "sandbox" ? Self.control(method, rest) : nil
      // Whoever calls nothing that there is, is told so in the first provider's words.
      let unknown = Operation(api: .anthropic, name: .unknown)
      (target, id) = (control.map { .control($0) } ?? .api(unknown), "")
      return
    }
    let (name, id) =
      switch api {
      case .anthropic: Self.anthropic(method, rest)
      case .openai: Self.openAI(method, rest)
      case .gemini: Self.gemini(method, rest)
      }
    (target, self.id) = (.api(Operation(api: api, name: name)), id)
  }

  private static func control(_ method: String, _ parts: [String]) -> Control {
    switch (method, parts) {
    case ("GET", ["clock"]): .clock
    case ("POST", ["clock"]): .moveClock
    case ("GET", ["journal"]): .journal
    case ("GET", ["meter"]): .meter
    default: .unknown
    }
  }
}

extension Route.Operation {
  /// Bytes that a body may have; more is refused before it is read.
  var byteLimit: Int {
    switch (api, name) {
    case (.anthropic, .create): AnthropicCalls.createByteLimit
    case (.openai, .upload): OpenAICalls.fileByteLimit + (1 << 20)
    case (.gemini, .uploadBytes): GeminiCalls.fileByteLimit
    default: SandboxWorld.messageByteLimit
    }
  }
}
