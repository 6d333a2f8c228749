import Engine
import Foundation
import Pipelines
import Providers
import Records
import Sandbox
import Synchronization
import TestSupport

/// A small pipeline in a folder of its own, run in this process against a sandbox with a virtual clock.
final class SandboxedPipeline: Sendable {
  /// What came of it.
  struct Outcome: Sendable {
    /// The output file.
    var output: String
    /// How the last run ended.
    var ending: PipelineRun.Ending
    /// The runs until then; one that failed for now counts.
    var runs: Int
    /// What the sandbox would have billed.
    var meter: JSONValue
    /// What was told, a word for each event.
    var events: [String]
  }

  /// A provider, and a model of it.
  struct Provider: Sendable, CustomStringConvertible {
    var name: String
    var model: String
    /// What a stage must say, unless it says otherwise.
    var mode = ""
    /// What the file must say.
    var top = ""

    static let anthropic = Provider(name: "anthropic", model: "claude-haiku-4-5")
    static let openAI = Provider(name: "openai", model: "gpt-4.1-mini")

    static let gemini = Provider(name: "gemini", model: "gemini-2.5-flash-lite")
    /// A server of somebody else that speaks OpenAI's API.
    static let other = Provider(
      name: "other", model: "llama3.2", mode: "mode: batch",
      top: #"providers: {other: {kind: openai-compatible, base_url: "http://127.0.0.1:1/v1"}}"#)

    var description: String { name }
  }

  let scratch: ScratchDirectory
  /// Taken for a server that the test stops by itself.
  private let seat = Mutex<ServerSeat?>(nil)
  private let provider: Provider
  private let name: String

  /// Writes the files.
  ///
  /// - Parameters:
  ///   - records: How many records there are.
  ///   - shard: How many requests a batch takes.
  ///   - maxTokens: The longest answer.
  ///   - load: Further keys of the stage's `load`.
  ///   - top: Further keys of the file.
  ///   - name: The pipeline's name.
  ///   - other: A pipeline whose folder and state root it shares.
  ///   - provider: Who is asked.
  /// - Throws: When they cannot be written.
  init(
    records: Int = 40, shard: Int = 15, maxTokens: Int = 100, load: String = "", top: String = "",
    name: String = "passages", beside other: SandboxedPipeline? = nil,
    of provider: Provider = .anthropic
  ) throws {
    self.name = name
    self.provider = provider
    scratch = try other?.scratch ?? ScratchDirectory()
    let lines = (1...records).map { number in
      #"{"id": "p\#(number)", "text": "\#(name == "passages" ? "Passage" : name) \#(number) speaks of \#(number * 7919) things."}"#
    }
    try scratch.write(lines.joined(separator: "\n") + "\n", to: "\(name).jsonl")
    try scratch.write(
      """
      {"type": "object", "properties": {"summary": {"type": "string"}}, "required": ["summary"],
       "additionalProperties": false}
      """, to: "answer.schema.json")
    try write(shard: shard, maxTokens: maxTokens, load: load, top: top)
  }

  /// Writes the pipeline file, anew.
  func write(
    prompt: String = "<passage>{{ text }}</passage>", shard: Int = 15, maxTokens: Int = 100,
    load: String = "", top: String = ""
  ) throws {
    try scratch.write(
      """
      name: \(name)
      \(top)
      \(provider.top)
      stages:
        sum:
          extract: {jsonl: \(name).jsonl, key: id}
          transform: {prompt: "\(prompt)"}
          load:
            provider: \(provider.name)
            model: \(provider.model)
            max_tokens: \(maxTokens)
            schema: answer.schema.json
            shard: {max_requests: \(shard)}
            \(load)
            \(load.contains("mode:") ? "" : provider.mode)
          merge: {jsonl: \(output).jsonl, set: {summary: output.summary}}
      """, to: "\(name).yaml")
  }

  /// Runs the pipeline until it is done, against a sandbox where things go wrong.
  ///
  /// - Parameters:
  ///   - faults: A fault script.
  ///   - answers: An answer script, one rule a line.
  ///   - limit: How many runs it may take.
  ///   - patience: Whether a run waits for what it sent.
  ///   - hear: Hears of all that is told.
  ///   - change: Changes to the settings.
  /// - Returns: What came of it.
  /// - Throws: What the last run threw, when none got to the end.
  func run(
    faults: String = "{}", answers: String = "", limit: Int = 12,
    patience: PipelineRun.Patience = .untilDone,
    hear: @escaping @Sendable (RunEvent) -> Void = { _ in },
    change: (inout RunSettings) -> Void = { _ in }
  ) async throws -> Outcome {
    // Only while the server runs: a test may wait for what another one does, and must not hold a place meanwhile.
    let seat = await ServerSeat.take()
    defer { withExtendedLifetime(seat) {} }
    let server = try await start(faults: faults, answers: answers)
    do {
      let outcome = try await run(
        on: server, limit: limit, patience: patience, hear: hear, change: change)
      await server.stop()
      return outcome
    } catch {
      await server.stop()
      throw error
    }
  }

  /// Starts the pipeline's sandbox; its state lies beside the pipeline.
  func startSandbox(
    faults: String = "{}", answers: String = ""
  ) async throws -> SandboxServer {
    if seat.withLock({ $0 == nil }) {
      let taken = await ServerSeat.take()
      seat.withLock { $0 = taken }
    }
    return try await start(faults: faults, answers: answers)
  }

  private func start(faults: String, answers: String) async throws -> SandboxServer {
    var configuration = SandboxConfiguration(clock: .virtual)
    configuration.directory = scratch.path("sandbox")
    configuration.faults = try FaultScript(parsing: Array(faults.utf8), name: "faults")
    if !answers.isEmpty {
      configuration.answers = try AnswerScript(parsing: Array(answers.utf8), name: "answers")
    }
    let server = SandboxServer(configuration)
    try await server.start()
    return server
  }

  private var output: String { name == "passages" ? "out" : "out-\(name)" }

  /// Where the pipeline stands, as `leaven status` sees it.
  func status() async throws -> PipelineStatus {
    let file = try PipelineReader.read(scratch.path("\(name).yaml"))
    let plan = try PipelineChecker(catalog: .builtIn(), now: Self.now(), settings: []).check(file)
    let settings = RunSettings(
      stateRoot: scratch.path("state"), catalog: try .builtIn(), variable: { _ in nil },
      now: Self.now, report: { _ in })
    return try await PipelineStatus(plan.sandboxed(), settings)
  }

  /// Runs the pipeline against a sandbox that lives on.
  func run(
    on server: SandboxServer, limit: Int = 12, patience: PipelineRun.Patience = .untilDone,
    hear: @escaping @Sendable (RunEvent) -> Void = { _ in },
    change: (inout RunSettings) -> Void = { _ in }
  ) async throws -> Outcome {
    let events = EventLog()
    let (plan, usual) = try prepared(server) {
      events.note($0)
      hear($0)
    }
    var settings = usual
    change(&settings)
    var runs = 0
    while true {
      runs += 1
      do {
        let ending = try await PipelineRun(plan, settings).run(patience)
        return Outcome(
          // A run that does not wait leaves none.
          output: (try? scratch.text(of: "\(output).sandbox.jsonl")) ?? "", ending: ending,
          runs: runs,
          meter: try await server.meter(), events: events.words)
      } catch let error as RunError where error.exitStatus == .tryAgain && runs < limit {
        events.note("failed: \(error)")
      }
    }
  }

  /// The routes of the calls that the sandbox got, in order.
  func calls() throws -> [String] {
    try scratch.text(of: "sandbox/journal.jsonl").split(separator: "\n").compactMap {
      try JSONValue(parsing: Array($0.utf8))["route"]?.string
    }
  }

  /// Takes a person's word that the provider does not have a shard.
  func assumeAbsent(shard: Int64) async throws -> Bool {
    var configuration = SandboxConfiguration(clock: .virtual)
    configuration.directory = scratch.path("sandbox")
    let server = SandboxServer(configuration)
    try await server.start()
    let (plan, settings) = try prepared(server) { _ in }
    let isKnown = try await PipelineRun(plan, settings).assumeAbsent(shard: shard)
    await server.stop()
    return isKnown
  }

  private static let now: @Sendable () -> Int64 = {
    Int64(Date().timeIntervalSince1970 * 1000)
  }

  func prepared(
    _ server: SandboxServer, _ report: @escaping @Sendable (RunEvent) -> Void
  ) throws -> (PipelinePlan, RunSettings) {
    let catalog = try Catalogs.builtIn()
    let now = Self.now
    let file = try PipelineReader.read(scratch.path("\(name).yaml"))
    let plan = try PipelineChecker(catalog: catalog, now: now(), settings: []).check(file)
    var settings = RunSettings(
      stateRoot: scratch.path("state"), catalog: catalog, variable: { _ in nil }, now: now,
      report: report)
    for kind in ProviderKind.allCases {
      settings.baseURLs[kind] =
        (kind == .openAICompatible ? .openai : SandboxAPI(rawValue: kind.rawValue))
        .flatMap(server.baseURL)
    }
    // Here the sandbox stands for a provider that takes money.
    settings.rehearsesCanary = true
    settings.sandboxKey = "sandbox"
    return (plan, settings)
  }
}
