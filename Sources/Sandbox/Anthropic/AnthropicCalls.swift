internal import Records

/// The calls of the Message Batches and Messages API.
struct AnthropicCalls: Sendable {
  let world: SandboxWorld

  var configuration: SandboxConfiguration { world.configuration }
  var directory: StateDirectory { world.directory }
  var book: BatchBook { world.book }

  /// Does what a call asks for.
  func perform(_ call: Call, _ body: inout RequestBody) async throws -> Reply {
    try checkVersion(call)
    switch call.name {
    case .create: return try await create(call, &body)
    case .list: return try await list(call)
    case .retrieve: return try await retrieve(call)
    case .results: return try await results(call)
    case .cancel: return try await cancel(call)
    case .delete: return try await delete(call)
    case .models: return try models(call)
    case .model: return try model(call)
    case .messages: return try message(call, try await world.synchronous(&body))
    case .countTokens: return try countTokens(call, try await world.synchronous(&body))
    default: throw APIError.missing("Not found")
    }
  }

  private func checkVersion(_ call: Call) throws(APIError) {
    guard let version = call.headers["anthropic-version"] else {
      throw .invalid("anthropic-version: header is required")
    }
    guard APIVersion.known.contains(version) else {
      throw .invalid("anthropic-version: '\(version)' is not a valid version")
    }
  }

  /// The batch of a call, as it is now.
  func batch(of call: Call) async throws -> BatchRecord {
    guard let batch = book.batch(call.id, in: call.workspace, .anthropic) else {
      throw APIError.missing("Message batch '\(call.id)' not found")
    }
    return try await world.current(batch)
  }
}

extension Call {
  /// The header value of the beta that allows 300,000 output tokens.
  private static let longOutputBeta = "output-300k-2026-03-24"

  /// What a message batch is created with under this call.
  var anthropicTerms: AnthropicTerms {
    let betas = (headers["anthropic-beta"] ?? "").split(separator: ",")
      .map { $0.filter { $0 != " " } }
    return AnthropicTerms(
      version: headers["anthropic-version"] ?? APIVersion.newest,
      allowsLongOutput: betas.contains(Self.longOutputBeta))
  }

  /// Where a synchronous body stands under this call.
  func dialect(_ place: MessageSetting.Place) -> MessagesDialect {
    let terms = anthropicTerms
    return MessagesDialect(
      setting: MessageSetting(
        place: place, version: terms.version, allowsLongOutput: terms.allowsLongOutput))
  }
}
