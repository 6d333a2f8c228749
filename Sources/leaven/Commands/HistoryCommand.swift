internal import ArgumentParser
internal import Engine
internal import Ledger
internal import Pipelines
internal import Providers
internal import Records

/// `leaven history`: the runs so far.
struct HistoryCommand: PipelineCommand {
  static let configuration = CommandConfiguration(
    commandName: "history",
    abstract: "Lists the runs: when, how long, what changed, counts and cost; calls nobody.",
    discussion: """
      A run goes from the first thing sent until nothing is pending and the outputs are written, however many ticks that \
      takes. What changed is what was read since the run before it.

      --json prints one JSON array, newest first, whose members are a contract: id, started_at, ended_at, batches, requests, \
      accepted, failed, cost_usd, expected_usd (low, likely, high), changes (stage, new, edited, asked_again, because, \
      retried, reused, kept, removed).

      Example:  leaven history pipelines/tickets.yaml -n 5
      """)

  @OptionGroup var options: PipelineOptions

  @Option(name: .shortAndLong, help: "How many runs.")
  var n = 10

  @Flag(help: "Prints JSON.")
  var json = false

  @Flag(help: "Looks at the sandbox's state.")
  var sandbox = false

  func run() async throws {
    let (plan, settings) = try options.prepare(isSandbox: sandbox, lookingAt: [])
    let runs = try await RunsSoFar(plan, stateRoot: settings.stateRoot, limit: n).runs
    if json {
      Console.line(JSONValue.array(runs.map(Self.json)).indented())
      return
    }
    for run in runs { Console.line(Self.line(run)) }
    if runs.isEmpty { Console.note("nothing was sent yet") }
  }

  private static func line(_ run: RunHistory) -> String {
    var parts = [Wording.moment(run.startedAt)]
    parts.append(run.endedAt.map { Wording.span($0 - run.startedAt) } ?? "goes on")
    parts.append(
      "\(Wording.count(run.requests, "request")) in \(Wording.count(run.batches, "batch", "batches"))"
    )
    parts.append("\(Wording.count(run.accepted)) accepted")
    if run.failed > 0 { parts.append("\(Wording.count(run.failed)) not") }
    var cost = Wording.money(Money(nanodollars: run.costNano))
    if let expected = run.expectedNano {
      cost += " (expected \(Wording.money(Money(nanodollars: expected[1]))))"
    }
    parts.append(cost)
    parts += run.changes.map { "\($0.stage): \(words($0))" }
    return parts.joined(separator: "  ")
  }

  private static func words(_ changes: RunHistory.Changes) -> String {
    let because = changes.causes.names.joined(separator: ", ")
    let parts: [(Int, String)] = [
      (changes.new, "new"), (changes.edited, "edited"),
      (changes.askedAgain, "asked again (\(because))"), (changes.retried, "put back"),
      (changes.reused, "answered before"), (changes.kept, "kept"), (changes.removed, "removed"),
    ]
    return parts.filter { $0.0 > 0 }.map { "\(Wording.count($0.0)) \($0.1)" }
      .joined(separator: ", ")
  }

  private static func json(_ run: RunHistory) -> JSONValue {
    let expected = run.expectedNano.map { $0.map { Money(nanodollars: $0).decimal } }
    return .object([
      "id": .number(Int(run.id)), "started_at": .string(Wording.moment(run.startedAt)),
      "ended_at": run.endedAt.map { .string(Wording.moment($0)) } ?? .null,
      "batches": .number(run.batches), "requests": .number(run.requests),
      "accepted": .number(run.accepted), "failed": .number(run.failed),
      "cost_usd": .number(Money(nanodollars: run.costNano).decimal),
      "expected_usd": expected.map {
        .object(["low": .number($0[0]), "likely": .number($0[1]), "high": .number($0[2])])
      } ?? .null,
      "changes": .array(run.changes.map(json)),
    ])
  }

  private static func json(_ changes: RunHistory.Changes) -> JSONValue {
    .object([
      "stage": .string(changes.stage), "new": .number(changes.new),
      "edited": .number(changes.edited), "asked_again": .number(changes.askedAgain),
      "because": .array(changes.causes.names.map(JSONValue.string)),
      "retried": .number(changes.retried), "reused": .number(changes.reused),
      "kept": .number(changes.kept), "removed": .number(changes.removed),
    ])
  }
}
