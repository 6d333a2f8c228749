internal import FlyingFox
internal import FlyingSocks
internal import Foundation
internal import Synchronization

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// A local server that speaks the batch APIs of Anthropic, OpenAI and Gemini, each under a prefix
/// of its own, and can be steered under `/sandbox`.
///
/// Listens on 127.0.0.1 only.
public final class SandboxServer: Sendable {
  /// What there is while the server listens.
  private struct Running {
    let world: SandboxWorld
    let server: HTTPServer
    let task: Task<Void, any Error>
    let port: UInt16
  }

  private let configuration: SandboxConfiguration
  /// Set between `start()` and `stop()`.
  private let running = Mutex<Running?>(nil)

  /// Creates a server that does nothing yet.
  public init(_ configuration: SandboxConfiguration) {
    self.configuration = configuration
  }

  /// The port it listens on; nil before `start()` and after `stop()`.
  public var port: UInt16? { running.withLock { $0?.port } }

  /// The base URL of the Anthropic API, without a slash at its end; nil while the server does not
  /// listen.
  public var baseURL: String? { baseURL(of: .anthropic) }

  /// The base URL of an API as its SDK takes it, without a slash at its end; nil while the server
  /// does not listen.
  public func baseURL(of api: SandboxAPI) -> String? {
    port.map { "http://127.0.0.1:\($0)\(api.path)" }
  }

  /// Opens the state and listens.
  ///
  /// When it returns, connections are accepted; batches of an earlier life go on.
  ///
  /// - Returns: The port, also when the system chose it. A second call returns the same port.
  /// - Throws: `SandboxError` when the port is taken or the state cannot be used; nothing is left
  ///   open then.
  @discardableResult
  public func start() async throws -> UInt16 {
    if let port { return port }
    let world = try SandboxWorld(configuration)
    do {
      let started = try await listen(world)
      running.withLock { $0 = started }
      return started.port
    } catch {
      await world.close()
      throw error
    }
  }

  /// Serves until the task is cancelled or `stop()` is called; starts first if `start()` was not
  /// called.
  ///
  /// - Throws: What `start()` throws. A cancellation ends it without an error.
  public func run() async throws {
    try await start()
    guard let task = running.withLock({ $0?.task }) else { return }
    await withTaskCancellationHandler {
      // How the server's task ends (a closed socket, a cancellation) is how servers end.
      _ = await task.result
    } onCancel: {
      task.cancel()
    }
    await stop()
  }

  /// Stops listening, cuts connections and closes the state; a temporary state is removed.
  ///
  /// Does nothing when the server is not running.
  public func stop() async {
    let stopped = running.withLock { running in
      defer { running = nil }
      return running
    }
    guard let stopped else { return }
    await stopped.server.stop(timeout: 0)
    stopped.task.cancel()
    // How it ended interests nobody after a stop.
    _ = await stopped.task.result
    await stopped.world.close()
  }

  private func listen(_ world: SandboxWorld) async throws -> Running {
    let port = ListeningPort()
    let settings = HTTPServer.Configuration(
      address: try sockaddr_in.inet(ip4: "127.0.0.1", port: configuration.port),
      timeout: 7 * 24 * 3600, sharedRequestBufferSize: 1 << 14, sharedRequestReplaySize: 0,
      logger: .disabled)
    let server = HTTPServer(config: settings, handler: FrontDoor(world: world, port: port))
    let listening = Task { try await server.waitUntilListening(timeout: 60) }
    let task = Task {
      // A server that ends before it listens must not be waited for.
      defer { listening.cancel() }
      try await server.run()
    }
    do {
      try await listening.value
    } catch {
      task.cancel()
      guard case .failure(let reason) = await task.result else { throw explained(error) }
      throw explained(reason)
    }
    guard case .ip4(_, let number) = await server.listeningAddress else {
      task.cancel()
      throw explained(CancellationError())
    }
    port.value = number
    ConnectionSocket(listeningOn: number)?.sendAtOnce()
    return Running(world: world, server: server, task: task, port: number)
  }

  private func explained(_ error: any Error) -> SandboxError {
    let port = configuration.port
    if case SocketError.failed(_, EADDRINUSE, _) = error {
      return SandboxError(
        .portInUse, "port \(port) is in use",
        hint: "stop what listens there, give another --port, or --port 0 for any free one")
    }
    return SandboxError(
      .cannotListen,
      "the sandbox cannot listen on 127.0.0.1:\(port): \(error.localizedDescription)",
      hint: "give another --port, or --port 0 for any free one")
  }
}
