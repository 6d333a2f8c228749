internal import ArgumentParser
internal import Engine
internal import Foundation
internal import Ledger
internal import Pipelines
internal import Providers
internal import Records

/// `leaven status`: where a pipeline stands.
struct StatusCommand: PipelineCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "Shows stages, batches in flight, counts and cost; calls nobody.",
    discussion: """
      --json prints one JSON object whose members are a contract: name, held_since, complete, stages (name, counts, \
      repaired, batches_in_flight, requests_in_flight, cost_usd, complete, cache (input_tokens, read_tokens, \
      written_tokens, saved_usd; null where no cache is asked for), left_out (rows, lines: the first; null without any)), edges (from, from_stage, into, by, answered, \
      pending, read, filtered, skipped; null where a source is read), run (started_at, ended_at, \
      spent_usd, reserved_usd, set_aside_usd, expected_usd, budget_usd; null before the first), batches (stage, shard, state, id, \
      requests, submitted_at, next_poll_at). With --exit-code: 0 only when complete and merged, 75 in flight or held, else what the last run ended with.

      Example:  leaven run --once P && leaven status --exit-code P && next-job
      """)

  @OptionGroup var options: PipelineOptions

  @Flag(help: "Prints JSON.")
  var json = false

  @Flag(name: .customLong("exit-code"), help: "Ends with a status that tells whether all is done.")
  var exitCode = false

  @Flag(help: "Looks at the sandbox's state.")
  var sandbox = false

  func run() async throws {
    let (plan, settings) = try options.prepare(isSandbox: sandbox, lookingAt: [])
    let status = try await PipelineStatus(plan, settings)
    if json { Console.line(StatusReport.json(status).indented()) } else { print(status) }
    if exitCode, status.exitStatus != .ok { throw status.exitStatus }
  }

  private func print(_ status: PipelineStatus) {
    Console.line("\(status.name)\(status.isComplete ? "  complete" : "")")
    for stage in status.stages {
      let cost = stage.cost > .zero ? "  \(Wording.money(stage.cost))" : ""
      let repaired = status.repaired[stage.stage].map { "  (\(Wording.count($0)) repaired)" } ?? ""
      Console.line("  \(stage.stage)  \(stage.counts.sentence)\(repaired)\(cost)")
      if let rows = stage.leftOut { Console.line("    \(Wording.leftOut(rows))") }
      if let cache = stage.cache, cache.use.all > 0 {
        Console.line("    \(Wording.caching(cache))")
      }
      for edge in status.edges where edge.into == stage.stage {
        Console.line("    \(StatusReport.line(edge))")
      }
    }
    for batch in status.batches {
      Console.line("    \(StatusReport.line(batch, now: Machine.now()))")
    }
    if let run = status.run, run.setAside > .zero {
      let when = run.endedAt.map { "the run that ended \(Wording.moment($0))" } ?? "this run"
      Console.line("  \(when): \(Wording.spending(run))")
    }
    if let since = status.heldSince {
      Console.line("held since \(Wording.moment(since)); \(next.run("--release"))")
    } else if !status.isComplete {
      if let trouble = status.lastTrouble {
        Console.line("the last run ended with \(trouble.status.rawValue): \(trouble.sentence)")
      }
      Console.line("next: \(next.run())")
    }
  }
}

/// A status in words and as JSON.
enum StatusReport {
  /// A batch on a line.
  static func line(_ batch: PipelineStatus.Batch, now: Int64) -> String {
    let shard = batch.shard
    var parts = [
      "shard \(shard.id)", shard.state.rawValue, Wording.count(shard.requestCount, "request"),
    ]
    if let id = shard.remoteID { parts.append(id) }
    if let since = shard.submittedAt, since <= now {
      parts.append("for \(Wording.span(now - since))")
    }
    return parts.joined(separator: "  ")
  }

  /// An edge on a line.
  static func line(_ edge: PipelineStatus.Edge) -> String {
    var parts: [String] = []
    if let answered = edge.answered {
      parts.append("\(Wording.count(answered)) answered")
      if let pending = edge.pending, pending > 0 {
        parts.append("\(Wording.count(pending)) pending")
      }
    }
    if !edge.isLookup {
      parts.append("\(Wording.count(edge.counts.read)) read")
      if edge.counts.filtered > 0 {
        parts.append("\(Wording.count(edge.counts.filtered)) filtered")
      }
      if edge.counts.skipped > 0 { parts.append("\(Wording.count(edge.counts.skipped)) skipped") }
    }
    let by = edge.by.isEmpty ? "" : " (\(edge.by.joined(separator: ", ")))"
    return "← \(edge.name)\(by)" + (parts.isEmpty ? "" : ": \(parts.joined(separator: ", "))")
  }

  private static func json(_ edge: PipelineStatus.Edge) -> JSONValue {
    func count(_ count: Int?) -> JSONValue { count.map(JSONValue.number) ?? .null }
    func own(_ value: Int) -> JSONValue { edge.isLookup ? .null : .number(value) }
    return .object([
      "from": .string(edge.name), "from_stage": edge.from.map(JSONValue.string) ?? .null,
      "into": .string(edge.into), "by": .array(edge.by.map(JSONValue.string)),
      "answered": count(edge.answered), "pending": count(edge.pending),
      "read": own(edge.counts.read), "filtered": own(edge.counts.filtered),
      "skipped": own(edge.counts.skipped),
    ])
  }

  /// The documented JSON.
  static func json(_ status: PipelineStatus) -> JSONValue {
    .object([
      "name": .string(status.name), "held_since": time(status.heldSince),
      "complete": .bool(status.isComplete),
      "stages": .array(status.stages.map { json($0, repaired: status.repaired[$0.stage] ?? 0) }),
      "edges": .array(status.edges.map(json)),
      "run": status.run.map(json) ?? .null,
      "batches": .array(status.batches.map(json)),
    ])
  }

  private static func json(_ stage: StageStanding, repaired: Int) -> JSONValue {
    let counts = stage.counts
    return .object([
      "name": .string(stage.stage),
      "counts": .object([
        "read": .number(counts.read), "accepted": .number(counts.accepted),
        "rejected": .number(counts.rejected), "pending": .number(counts.pending),
        "filtered": .number(counts.filtered), "skipped": .number(counts.skipped),
        "duplicate": .number(counts.duplicate), "removed": .number(counts.removed),
      ]),
      "repaired": .number(repaired), "batches_in_flight": .number(stage.batchesInFlight),
      "requests_in_flight": .number(stage.requestsInFlight),
      "cost_usd": .number(stage.cost.decimal), "complete": .bool(stage.isComplete),
      "cache": stage.cache.map(json) ?? .null, "left_out": stage.leftOut.map(json) ?? .null,
    ])
  }

  private static func json(_ rows: LeftOutRows) -> JSONValue {
    .object([
      "rows": .number(rows.count), "lines": .array(rows.firstLines.map(JSONValue.number)),
    ])
  }

  private static func json(_ cache: CacheBalance) -> JSONValue {
    .object([
      "input_tokens": .number(cache.use.all), "read_tokens": .number(cache.use.read),
      "written_tokens": .number(cache.use.written),
      "saved_usd": cache.saved.map { .number($0.decimal) } ?? .null,
    ])
  }

  private static func json(_ run: RunStanding) -> JSONValue {
    .object([
      "started_at": time(run.startedAt), "ended_at": time(run.endedAt),
      "spent_usd": .number(run.spent.decimal), "reserved_usd": .number(run.reserved.decimal),
      "set_aside_usd": .number(run.setAside.decimal),
      "expected_usd": run.expected.map { .number($0.likely.decimal) } ?? .null,
      "budget_usd": run.budget.map { .number($0.decimal) } ?? .null,
    ])
  }

  private static func json(_ batch: PipelineStatus.Batch) -> JSONValue {
    .object([
      "stage": .string(batch.stage), "shard": .number(Int(batch.shard.id)),
      "state": .string(batch.shard.state.rawValue),
      "id": batch.shard.remoteID.map(JSONValue.string) ?? .null,
      "requests": .number(batch.shard.requestCount),
      "submitted_at": time(batch.shard.submittedAt),
      "next_poll_at": time(batch.shard.nextPollAt),
    ])
  }

  private static func time(_ milliseconds: Int64?) -> JSONValue {
    milliseconds.map { .string(Wording.moment($0)) } ?? .null
  }
}
