internal import ArgumentParser
internal import Engine
internal import Ledger
internal import Pipelines
internal import Records

/// `leaven failures`: the records that did not make it.
struct FailuresCommand: PipelineCommand {
  static let configuration = CommandConfiguration(
    commandName: "failures",
    abstract: "Lists rejected records with reason and attempts; --retry puts them back.",
    discussion: """
      One record a line: stage, key, reason, attempts, words. With --jsonl, one JSON object a line. With --repaired, \
      the records whose answers were accepted, but had to be repaired before they were JSON (load: repair: true).

      Example:  leaven failures pipelines/tickets.yaml --jsonl > rejected.jsonl
      """)

  @OptionGroup var options: PipelineOptions

  @Option(help: "Only this stage.")
  var stage: String?

  @Flag(help: "Prints JSON lines.")
  var jsonl = false

  @Flag(help: "Lists accepted answers that were repaired instead.")
  var repaired = false

  @Flag(help: "Puts the records back: the next run asks them again.")
  var retry = false

  @Flag(help: "Looks at the sandbox's state.")
  var sandbox = false

  func validate() throws {
    if repaired, retry { throw ValidationError("--repaired and --retry exclude each other") }
  }

  func run() async throws {
    let (plan, settings) = try options.prepare(isSandbox: sandbox, lookingAt: [])
    if let stage { _ = try plan.named(stage) }
    let failures = FailureList(plan, settings)
    if retry {
      let count = try await failures.retry(stage: stage)
      Console.note(
        "\(Wording.count(count, "record")) put back; next: \(next.run())"
      )
      return
    }
    if repaired { return try await listRepaired(failures) }
    var count = 0
    try await failures.forEach(stage: stage) { failure in
      count += 1
      Console.line(jsonl ? Self.json(failure).compact : Self.line(failure))
    }
    if count == 0 { Console.note("no record was rejected") }
  }

  private func listRepaired(_ failures: FailureList) async throws {
    var count = 0
    try await failures.forEachRepaired(stage: stage) { answer in
      count += 1
      let key = String(decoding: answer.key, as: UTF8.self)
      let json = JSONValue.object([
        "stage": .string(answer.stage), "key": .string(key), "detail": .string(answer.detail),
      ])
      Console.line(jsonl ? json.compact : "\(answer.stage)  \(key)  \(answer.detail)")
    }
    if count == 0 { Console.note("no answer was repaired") }
  }

  private static func line(_ failure: Failure) -> String {
    let key = String(decoding: failure.key, as: UTF8.self)
    let detail = failure.detail.map { "  \($0.replacing("\n", with: " "))" } ?? ""
    return
      "\(failure.stage)  \(key)  \(failure.reason)  \(Wording.count(failure.attempts, "attempt"))\(detail)"
  }

  private static func json(_ failure: Failure) -> JSONValue {
    .object([
      "stage": .string(failure.stage),
      "key": .string(String(decoding: failure.key, as: UTF8.self)),
      "reason": .string(failure.reason), "attempts": .number(failure.attempts),
      "detail": failure.detail.map(JSONValue.string) ?? .null,
    ])
  }
}
