internal import ArgumentParser
internal import Engine
internal import Ledger
internal import Pipelines
internal import Records

/// `leaven failures`: the records that did not make it.
struct FailuresCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "failures",
    abstract: "Lists rejected records with reason and attempts; --retry puts them back.",
    discussion: """
      One record a line: stage, key, reason, attempts, words. With --jsonl, one JSON object a line.

      Example:  leaven failures pipelines/tickets.yaml --jsonl > rejected.jsonl
      """)

  @OptionGroup var options: PipelineOptions

  @Option(help: "Only this stage.")
  var stage: String?

  @Flag(help: "Prints JSON lines.")
  var jsonl = false

  @Flag(help: "Puts the records back: the next run asks them again.")
  var retry = false

  @Flag(help: "Looks at the sandbox's state.")
  var sandbox = false

  func run() async throws {
    let (plan, settings) = try options.prepare(isSandbox: sandbox)
    if let stage, plan.stage(stage) == nil {
      throw Failing("there is no stage '\(stage)'", status: .usage)
    }
    let failures = FailureList(plan, settings)
    if retry {
      let count = try await failures.retry(stage: stage)
      Console.note(
        "\(Wording.count(count, "record")) put back; next: leaven run \(options.pipeline)")
      return
    }
    var count = 0
    try await failures.forEach(stage: stage) { failure in
      count += 1
      Console.line(jsonl ? Self.json(failure).compact : Self.line(failure))
    }
    if count == 0 { Console.note("no record was rejected") }
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
