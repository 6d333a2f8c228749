internal import Records

/// What a batch was created with, in its provider's terms.
enum BatchTerms: Hashable, Sendable {
  case anthropic(AnthropicTerms)
  case openai(OpenAITerms)
  case gemini(GeminiTerms)

  var api: SandboxAPI {
    switch self {
    case .anthropic: .anthropic
    case .openai: .openai
    case .gemini: .gemini
    }
  }

  /// What stands in the line of a batch's creation.
  var members: [JSONValue.Member] {
    switch self {
    case .anthropic(let terms): terms.members
    case .openai(let terms):
      [.init("api", .string(api.rawValue)), .init("terms", .object(terms.members))]
    case .gemini(let terms):
      [.init("api", .string(api.rawValue)), .init("terms", .object(terms.members))]
    }
  }

  /// Reads what `members` writes; nil when something is missing.
  init?(event: JSONValue) {
    let api = event["api"]?.string.map(SandboxAPI.init(rawValue:)) ?? .anthropic
    let terms = event["terms"] ?? .null
    switch api {
    case .anthropic: self = .anthropic(AnthropicTerms(event))
    case .openai: self = .openai(OpenAITerms(terms))
    case .gemini: self = .gemini(GeminiTerms(terms))
    case nil: return nil
    }
  }

  /// The model of all rows, where there is one.
  var model: String? {
    switch self {
    case .anthropic: nil
    case .openai(let terms): terms.model
    case .gemini(let terms): terms.model
    }
  }

  /// The same terms of a batch that fails as a whole; Anthropic's do not.
  func failing(_ failure: BatchFault.Failure) -> BatchTerms {
    switch self {
    case .anthropic: return self
    case .openai(var terms):
      terms.failures.append(
        OpenAITerms.Failure(
          code: failure.code, message: failure.message, param: failure.param, line: failure.line))
      return .openai(terms)
    case .gemini(var terms):
      terms.failure = GeminiTerms.Failure(code: 13, message: failure.message)
      return .gemini(terms)
    }
  }

  /// Batches finish or expire within this time from their creation.
  var windowMs: Int64 { api == .gemini ? 48 * 3_600_000 : 24 * 3_600_000 }

  /// The part of a batch's time before any row is worked on.
  var leadShare: Double { api == .anthropic ? 0 : 0.05 }

  /// Whether it fails before any row is worked on.
  var isBroken: Bool {
    switch self {
    case .openai(let terms): !terms.failures.isEmpty
    case .gemini(let terms): terms.failure != nil
    case .anthropic: false
    }
  }

  /// Whether there are rows at such an end.
  func leavesRows(at ending: BatchEnding.Kind) -> Bool {
    switch ending {
    case .finished: true
    case .canceled, .expired: api != .gemini
    case .failed: false
    }
  }

  /// How the rows of its results are written.
  var rows: any ResultRows {
    switch self {
    case .anthropic(let terms): AnthropicRows(terms: terms)
    case .openai(let terms): OpenAIRows(terms: terms)
    case .gemini(let terms): GeminiRows(terms: terms)
    }
  }
}
