import Foundation
import Records

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif
#if canImport(Glibc)
  import Glibc
#endif

/// `leaven sandbox` as a process of its own.
final class SandboxProcess: Sendable {
  /// Where it listens, without a path.
  let origin: String
  let port: Int
  private let program: RunningProgram

  /// What the sandbox would have billed.
  struct Meter: Sendable, Equatable {
    var batches: Int
    var rows: Int
    var mostPerCustomID: Int
    var mostPerBody: Int
    /// Synchronous calls.
    var messages: Int
  }

  /// Starts it and waits until it listens.
  ///
  /// - Parameters:
  ///   - bench: Whose folder it works in.
  ///   - arguments: Beside `sandbox --port 0`.
  /// - Throws: `RunningProgram.StartError` when it does not listen.
  init(_ bench: Bench, _ arguments: [String] = ["--virtual", "--dir", "sandbox"]) throws {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { throw POSIXError(.EMFILE) }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    let listening = FileHandle(fileDescriptor: ends[0], closeOnDealloc: true)
    program = try RunningProgram(
      [LeavenBinary.path, "sandbox", "--port", "0"] + arguments, in: bench.folder,
      environment: Bench.environment([:]), input: "/dev/null", output: .descriptor(ends[1]),
      errors: bench.path("sandbox.err"))
    close(ends[1])
    // The addresses are lines on standard output, written at once when it listens.
    let text = String(decoding: listening.availableData, as: UTF8.self)
    let line = String(text.prefix { $0 != "\n" })
    guard let url = URL(string: line),
      let port = url.port
    else { throw RunningProgram.StartError(path: "sandbox", reason: line) }
    self.port = port
    origin = "http://127.0.0.1:\(port)"
  }

  deinit { program.stop() }

  /// The Anthropic API's base URL.
  var baseURL: String { origin + "/anthropic" }

  /// What would have been billed.
  func meter() async throws -> Meter {
    let json = try JSONValue(parsing: try await get("/sandbox/meter?rows=false"))
    return Meter(
      batches: json["batches_created"]?.int ?? -1, rows: json["rows_billed"]?.int ?? -1,
      mostPerCustomID: json["most_per_custom_id"]?.int ?? -1,
      mostPerBody: json["most_per_body"]?.int ?? -1,
      messages: json["messages_billed"]?.int ?? -1)
  }

  /// The requests it got, in order.
  func journal() async throws -> [JSONValue] {
    try await get("/sandbox/journal").split(separator: 0x0A)
      .map { try JSONValue(parsing: Array($0)) }
  }

  /// Ends it and waits until it is gone.
  func stop() async {
    program.stop()
    _ = await program.ended()
  }

  private func get(_ path: String) async throws -> [UInt8] {
    guard let url = URL(string: origin + path) else { throw URLError(.badURL) }
    let (data, _) = try await URLSession.shared.data(from: url)
    return [UInt8](data)
  }
}
