internal import Engine
internal import Foundation
internal import Pipelines
internal import Providers
internal import Records
internal import Sandbox

/// The files that steer a sandbox, and the sandbox inside the program.
enum SandboxFiles {
  /// An answer script.
  static func answers(_ path: String) throws -> AnswerScript {
    try AnswerScript(parsing: try bytes(path), name: path)
  }

  /// A fault script.
  static func faults(_ path: String) throws -> FaultScript {
    try FaultScript(parsing: try bytes(path), name: path)
  }

  /// The schema that the client checks its requests with, for the sandbox to check what arrives.
  static func requestSchema() throws -> JSONValue { try JSONValue(parsing: RequestSchema.bytes) }

  /// Starts a sandbox with a pipeline's own state on a port of its own, and points the settings at it.
  static func start(
    _ plan: PipelinePlan, _ settings: inout RunSettings, answers: String? = nil,
    faults: String? = nil
  ) async throws -> SandboxServer {
    let folder = StateFolder(root: settings.stateRoot, pipeline: plan.sandboxed().name)
    var configuration = SandboxConfiguration(clock: .virtual)
    configuration.directory = folder.sandbox
    configuration.requestSchema = try requestSchema()
    if let answers { configuration.answers = try Self.answers(answers) }
    if let faults { configuration.faults = try Self.faults(faults) }
    let server = SandboxServer(configuration)
    try await server.start()
    for kind in ProviderKind.allCases {
      settings.baseURLs[kind] = SandboxAPI(kind).flatMap(server.baseURL)
    }
    settings.sandboxKey = "sandbox"
    return server
  }

  private static func bytes(_ path: String) throws -> [UInt8] {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw Failing("\(path): no such file", status: .data)
    }
    return [UInt8](data)
  }
}

extension SandboxAPI {
  /// The API that endpoints of a kind speak.
  init?(_ kind: ProviderKind) {
    switch kind {
    case .openAICompatible: self = .openai
    default: self.init(rawValue: kind.rawValue)
    }
  }
}
