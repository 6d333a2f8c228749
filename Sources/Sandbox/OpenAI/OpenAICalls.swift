internal import Records

/// The calls of OpenAI's API: files, batches, and the synchronous ones that a batch may hold.
struct OpenAICalls: Sendable {
  /// Bytes that a file may have.
  static let fileByteLimit = 512 << 20

  let world: SandboxWorld

  var directory: StateDirectory { world.directory }

  /// Does what a call asks for.
  func perform(_ call: Call, _ body: inout RequestBody) async throws -> Reply {
    switch call.name {
    case .upload: return try await upload(call, &body)
    case .files: return try files(call)
    case .file: return Reply(try file(of: call).openAIJSON)
    case .content: return try content(call)
    case .deleteFile: return try deleteFile(call)
    case .create: return try await create(call, &body)
    case .list: return try await list(call)
    case .retrieve: return try await retrieve(call)
    case .cancel: return try await cancel(call)
    case .models: return models
    case .model: return try model(call)
    case .chat: return try answer(call, try await world.synchronous(&body), .chat)
    case .responses: return try answer(call, try await world.synchronous(&body), .responses)
    case .countTokens: return try countTokens(call, try await world.synchronous(&body))
    default:
      throw APIError(
        status: 404, message: "Invalid URL", code: "unknown_url")
    }
  }

  private func answer(_ call: Call, _ bytes: [UInt8], _ form: OpenAIForm) throws -> Reply {
    let answer = try world.answer(call, bytes, form.dialect(.call))
    guard answer.isStreamed else { return Reply(json: answer.json) }
    throw APIError.invalid(
      "The sandbox does not stream this call.", param: "stream", code: "unsupported_parameter")
  }

  private func countTokens(_ call: Call, _ bytes: [UInt8]) throws -> Reply {
    let tokens = try world.promptTokens(call, bytes, ResponsesDialect(place: .tokenCount))
    return Reply(
      .object(["object": .string("response.input_tokens"), "input_tokens": .number(tokens)]))
  }

  private var models: Reply {
    Reply(
      .object([
        "object": .string("list"), "data": .array(Model.openAI.map { Self.json($0.id) }),
      ]))
  }

  private func model(_ call: Call) throws(APIError) -> Reply {
    guard Model.named(call.id, of: .openai) != nil else {
      throw APIError(
        status: 404, message: "The model '\(call.id)' does not exist", code: "model_not_found",
        param: "model")
    }
    return Reply(Self.json(call.id))
  }

  /// A model as the provider lists it; when it was made is not known here.
  private static func json(_ id: String) -> JSONValue {
    .object([
      "id": .string(id), "object": .string("model"), "created": .number(0),
      "owned_by": .string("system"),
    ])
  }
}
