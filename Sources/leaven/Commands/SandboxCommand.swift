internal import ArgumentParser
internal import Engine
internal import Sandbox

/// `leaven sandbox`: a local stand-in for the providers.
struct SandboxCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sandbox",
    abstract:
      "Serves the providers' batch APIs on 127.0.0.1, for trying pipelines with no key and no cost.",
    discussion: """
      Batches end about two seconds after they were made (--batch-seconds). With --virtual the clock stands still until \
      a client moves it, and a day passes in seconds.

      Example:  leaven sandbox --port 8080 --dir sandbox-state
                leaven run --base-url http://127.0.0.1:8080/anthropic pipelines/tickets.yaml
      """)

  @Option(help: "The port; 0 lets the system choose.")
  var port: UInt16 = 8787

  @Option(help: ArgumentHelp("Keeps its state here, across restarts.", valueName: "dir"))
  var dir: String?

  @Option(help: ArgumentHelp("What goes wrong, from a script.", valueName: "file"))
  var faults: String?

  @Option(help: ArgumentHelp("Answers, from a script.", valueName: "file"))
  var answers: String?

  @Option(help: "What ids, orders and answers follow from.")
  var seed: UInt64 = 0

  @Flag(help: "A clock of its own, that clients move.")
  var virtual = false

  @Option(help: "A clock of its own, this many times as fast as the machine's.")
  var speed: Double?

  @Option(name: .customLong("batch-seconds"), help: "How long batches take.")
  var batchSeconds: Double?

  @Option(help: "Lets only this key in; may be repeated.")
  var key: [String] = []

  func run() async throws {
    let clock: SandboxConfiguration.Clock =
      speed.map { .virtual(speed: $0) } ?? (virtual ? .virtual : .wall)
    var configuration = SandboxConfiguration(clock: clock)
    configuration.port = port
    configuration.directory = dir
    configuration.seed = seed
    configuration.requestSchema = try SandboxFiles.requestSchema()
    configuration.keys = key.map { SandboxKey($0) }
    if let batchSeconds {
      let duration = Duration.milliseconds(Int(batchSeconds * 1000))
      configuration.batchDuration = duration...duration
    }
    if let faults { configuration.faults = try SandboxFiles.faults(faults) }
    if let answers { configuration.answers = try SandboxFiles.answers(answers) }
    let server = SandboxServer(configuration)
    try await server.start()
    Console.note("the sandbox listens; the APIs of Anthropic, OpenAI and Gemini are at:")
    // At once: who reads only the first line and goes must not end the sandbox with it.
    Console.line(SandboxAPI.allCases.compactMap { server.baseURL(of: $0) }.joined(separator: "\n"))
    let outcome = await Interruption.guarding { try await server.run() }
    if case .failure(let error) = outcome, !(error is CancellationError) { throw error }
  }
}
