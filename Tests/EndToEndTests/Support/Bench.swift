import Foundation
import Records
import Synchronization
import TestSupport

/// A folder of a test's own with the program at hand.
final class Bench: Sendable {
  /// What a command did.
  struct Outcome: Sendable {
    var status: Int32?
    var signal: Int32?
    var out: String
    var err: String
    var seconds: Double

    /// Everything it said.
    var said: String { out + err }
  }

  /// A command that did not end in time.
  struct TimedOut: Error {
    var arguments: [String]
    var said: String
  }

  let scratch: ScratchDirectory
  private let count = Atomic(0)

  init() throws {
    scratch = try ScratchDirectory()
  }

  /// The folder.
  var folder: String { scratch.url.path }

  /// The path of a file in it.
  func path(_ name: String) -> String { scratch.path(name) }

  /// Writes a file and returns its path.
  @discardableResult
  func write(_ text: String, to name: String) throws -> String {
    try scratch.write(text, to: name)
  }

  /// The text of a file.
  func text(of name: String) throws -> String { try scratch.text(of: name) }

  /// Whether there is a file.
  func has(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path(name)) }

  /// The lines of a JSONL file, parsed.
  func rows(of name: String) throws -> [JSONValue] {
    try scratch.bytes(of: name).split(separator: 0x0A).map { try JSONValue(parsing: Array($0)) }
  }

  /// Runs `leaven` to its end.
  ///
  /// - Parameters:
  ///   - arguments: What stands after `leaven`.
  ///   - input: What comes on standard input; /dev/null when nil.
  ///   - variables: Added to an environment without a key and without colour settings.
  ///   - limit: How long it may take.
  /// - Returns: What it did.
  /// - Throws: `TimedOut` when it takes longer; it is killed then.
  @discardableResult
  func leaven(
    _ arguments: String..., input: String? = nil, variables: [String: String] = [:],
    limit: Duration = .seconds(180)
  ) async throws -> Outcome {
    try await leaven(arguments, input: input, variables: variables, limit: limit)
  }

  /// Runs `leaven` to its end.
  @discardableResult
  func leaven(
    _ arguments: [String], input: String? = nil, variables: [String: String] = [:],
    limit: Duration = .seconds(180)
  ) async throws -> Outcome {
    try await Turnstile.programs.pass {
      let number = nextNumber()
      var inputPath = "/dev/null"
      if let input { inputPath = try scratch.write(input, to: ".said/\(number).in") }
      let started = ContinuousClock.now
      let program = try start(
        arguments, number: number, input: inputPath, variables: variables)
      let isLate = await program.isStillRunning(after: limit)
      let ending = await program.ended()
      let spent = started.duration(to: .now)
      let outcome = Outcome(
        status: ending.status, signal: ending.signal, out: try text(of: ".said/\(number).out"),
        err: try text(of: ".said/\(number).err"),
        seconds: Double(spent.components.seconds) + Double(spent.components.attoseconds) / 1e18)
      if isLate { throw TimedOut(arguments: arguments, said: outcome.said) }
      return outcome
    }
  }

  /// Starts `leaven` and does not wait for it.
  func start(
    _ arguments: [String], variables: [String: String] = [:]
  ) throws -> RunningProgram {
    try start(arguments, number: nextNumber(), input: "/dev/null", variables: variables)
  }

  private func nextNumber() -> Int {
    count.wrappingAdd(1, ordering: .relaxed).newValue
  }

  private func start(
    _ arguments: [String], number: Int, input: String, variables: [String: String]
  ) throws -> RunningProgram {
    try FileManager.default.createDirectory(
      atPath: path(".said"), withIntermediateDirectories: true)
    return try RunningProgram(
      [LeavenBinary.path] + arguments, in: folder, environment: Self.environment(variables),
      input: input, output: .file(path(".said/\(number).out")), errors: path(".said/\(number).err"))
  }

  /// The test's environment without what would steer the program.
  static func environment(_ variables: [String: String]) -> [String: String] {
    var environment = ProcessInfo.processInfo.environment
    for name in ["ANTHROPIC_API_KEY", "NO_COLOR", "TERM"] { environment[name] = nil }
    return environment.merging(variables) { $1 }
  }
}

extension RunningProgram {
  /// Waits for the end, and ends it when that takes too long.
  ///
  /// - Returns: Whether it had to be ended.
  func isStillRunning(after limit: Duration) async -> Bool {
    await withTaskGroup(of: Bool.self) { group in
      group.addTask {
        _ = await self.ended()
        return false
      }
      group.addTask {
        // A cancellation means that the program has ended by itself.
        do { try await Task.sleep(for: limit) } catch { return false }
        self.stop()
        return true
      }
      let isLate = await group.next() ?? false
      group.cancelAll()
      return isLate
    }
  }
}
