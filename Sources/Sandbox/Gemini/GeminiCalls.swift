internal import Records

/// The calls of the Gemini Developer API: files, batches, and the synchronous ones.
struct GeminiCalls: Sendable {
  /// Bytes that a file may have.
  static let fileByteLimit = 2 << 30

  let world: SandboxWorld

  var directory: StateDirectory { world.directory }

  /// Does what a call asks for.
  func perform(_ call: Call, _ body: inout RequestBody) async throws -> Reply {
    switch call.name {
    case .upload: return try beginUpload(call, try await world.synchronous(&body))
    case .uploadBytes: return try await upload(call, &body)
    case .files: return try files(call)
    case .file: return Reply(try file(of: call).geminiJSON(base: call.base))
    case .content: return try content(call)
    case .deleteFile: return try deleteFile(call)
    case .create: return try create(call, try await world.synchronous(&body))
    case .list: return try await list(call)
    case .retrieve: return try await retrieve(call)
    case .cancel: return try await cancel(call)
    case .delete: return try await delete(call)
    case .models: return try models(call)
    case .model: return try model(call)
    case .generate:
      let dialect = GenerateDialect(model: call.id, place: .call)
      return Reply(json: try world.answer(call, try await world.synchronous(&body), dialect).json)
    case .countTokens: return try countTokens(call, try await world.synchronous(&body))
    default: throw APIError.missing("Requested entity was not found.")
    }
  }

  private func countTokens(_ call: Call, _ bytes: [UInt8]) throws -> Reply {
    let dialect = GenerateDialect(model: call.id, place: .tokenCount)
    let tokens = try world.promptTokens(call, bytes, dialect)
    return Reply(
      .object([
        "totalTokens": .number(tokens),
        "promptTokensDetails": .array([
          .object(["modality": .string("TEXT"), "tokenCount": .number(tokens)])
        ]),
      ]))
  }

  private func models(_ call: Call) throws -> Reply {
    let page = try GeminiPage(call.query, count: Model.gemini.count, usual: 50)
    return Reply(page.json("models", Model.gemini[page.range].map(Self.json)))
  }

  private func model(_ call: Call) throws(APIError) -> Reply {
    let dialect = GenerateDialect(model: call.id, place: .call)
    guard let model = Model.named(dialect.model, of: .gemini) else {
      throw .missing("models/\(call.id) is not found for API version v1.")
    }
    return Reply(Self.json(model))
  }

  private static func json(_ model: Model) -> JSONValue {
    .object([
      "name": .string("models/\(model.id)"), "version": .string("001"),
      "displayName": .string(model.name), "inputTokenLimit": .number(model.window),
      "outputTokenLimit": .number(model.maxOutput),
      "supportedGenerationMethods": .array(
        ["generateContent", "countTokens", "batchGenerateContent"].map { .string($0) }),
      "thinking": .bool(model.thinks),
    ])
  }
}
