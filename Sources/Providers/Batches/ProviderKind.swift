/// Which API an endpoint speaks.
///
/// The one place that tells the kinds apart: the rest of the program asks a catalogue, a ``RequestForm`` or a
/// ``BatchProvider``.
public enum ProviderKind: String, Hashable, Sendable, CaseIterable {
  /// Anthropic Message Batches.
  case anthropic
  /// OpenAI's Batch API.
  case openAI = "openai"
  /// Gemini's Batch API, of the Developer API.
  case gemini
  /// A server that speaks OpenAI's Chat Completions, and perhaps its Batch API: of somebody else, or one's own.
  case openAICompatible = "openai-compatible"

  /// The forms of a request that it takes, its usual one first.
  public var forms: [RequestForm] {
    switch self {
    case .anthropic: [.messages]
    case .openAI: [.chat, .responses]
    case .gemini: [.generate]
    case .openAICompatible: [.completions, .chat, .responses]
    }
  }

  /// The form that is sent unless a pipeline says otherwise.
  public var usualForm: RequestForm { forms[0] }

  /// The catalogue that Leaven comes with.
  var catalogBytes: [UInt8] {
    switch self {
    case .anthropic: PackageResources.anthropic_json
    case .openAI: PackageResources.openai_json
    case .gemini: PackageResources.gemini_json
    case .openAICompatible: PackageResources.openai_compatible_json
    }
  }

  /// The calls of an endpoint; nothing is opened yet.
  ///
  /// - Parameters:
  ///   - address: Where it is.
  ///   - client: What makes the calls.
  /// - Returns: Nil when the address is no absolute `http` or `https` URL, has a query or a fragment, or when the version
  ///   holds something that no header may.
  public func batches(
    at address: ProviderAddress, client: HTTPClient
  ) -> (any BatchProvider)? {
    switch self {
    case .anthropic:
      AnthropicEndpoint(address).map { AnthropicBatches(endpoint: $0, client: client) }
    case .openAI: OpenAIBatches(at: address, client: client)
    case .gemini: GeminiBatches(at: address, client: client)
    case .openAICompatible: OpenAIBatches(at: address, like: .others, client: client)
    }
  }

  /// The calls of an endpoint for one request.
  ///
  /// - Parameter address: Where it is.
  /// - Returns: Nil when the address is none, as for `batches`.
  public func messages(at address: ProviderAddress) -> (any MessageProvider)? {
    switch self {
    case .anthropic: AnthropicEndpoint(address).map { AnthropicMessages(endpoint: $0) }
    case .gemini: GeminiMessages(at: address)
    case .openAI, .openAICompatible: OpenAIMessages(at: address)
    }
  }

  /// The endpoint's own counter of tokens.
  ///
  /// - Parameters:
  ///   - address: Where it is.
  ///   - client: What makes the calls.
  /// - Returns: Nil where requests of the address's form are not counted, or when it is none, as for `batches`.
  public func counter(at address: ProviderAddress, client: HTTPClient) -> TokenCounter? {
    switch self {
    case .anthropic:
      return AnthropicEndpoint(address).flatMap {
        TokenCounter($0.calls(over: client), address.form)
      }
    case .openAI:
      return OpenAIBatches.calls(at: address, client: client).flatMap {
        TokenCounter($0, address.form)
      }
    case .gemini:
      return GeminiBatches(at: address, client: client).flatMap {
        TokenCounter($0.calls, address.form, version: $0.version)
      }
    case .openAICompatible: return nil
    }
  }

  /// The header that names betas; nil where there is none.
  public var betaHeader: String? {
    switch self {
    case .anthropic: "anthropic-beta"
    case .openAI, .openAICompatible: "OpenAI-Beta"
    case .gemini: nil
    }
  }

  /// Whether every endpoint of the kind has a batch API.
  public var isAlwaysBatched: Bool { self != .openAICompatible }

  /// Whether there is a usual endpoint, and every call needs a key.
  public var hasUsualEndpoint: Bool { self != .openAICompatible }
}

/// Where an endpoint is, and how it is entered.
public struct ProviderAddress: Sendable {
  /// The base URL.
  public var baseURL: String
  /// The key; nil where none is needed.
  public var key: APIKey?
  /// The API's version; empty where it has none.
  public var apiVersion: String
  /// The form of the requests that batches hold.
  public var form: RequestForm
  /// The beta headers that are sent.
  public var betas: [String] = []
  /// Further headers that are sent: names and values without line ends.
  public var headers: [(name: String, value: String)] = []

  /// Creates an address.
  public init(baseURL: String, key: APIKey?, apiVersion: String, form: RequestForm) {
    self.baseURL = baseURL
    self.key = key
    self.apiVersion = apiVersion
    self.form = form
  }
}

extension AnthropicEndpoint {
  /// The endpoint at an address; nil when that is none.
  fileprivate init?(_ address: ProviderAddress) {
    guard let key = address.key else { return nil }
    self.init(
      baseURL: address.baseURL, key: key, apiVersion: address.apiVersion,
      betas: address.betas, otherHeaders: address.headers)
  }
}
