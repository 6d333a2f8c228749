internal import Engine
internal import Ledger
internal import Providers
internal import Records

/// A forecast as the documented JSON.
enum ForecastReport {
  /// The whole forecast.
  static func json(_ forecast: PipelineForecast, _ verdict: PlanVerdict?) -> JSONValue {
    .object([
      "name": .string(forecast.name), "stages": .array(forecast.stages.map(json)),
      "total": .object(members(forecast.total)),
      "synchronous_usd": json(forecast.synchronousCost),
      "verdict": verdict.map(json) ?? .null,
    ])
  }

  private static func json(_ verdict: PlanVerdict) -> JSONValue {
    func hours(_ time: Int64?) -> JSONValue {
      time.map { .number(Money(nanodollars: $0 * 2500 / 9).decimal) } ?? .null
    }
    return .object([
      "advice": .string(verdict.advice.rawValue),
      "questions": .array(
        verdict.questions.map {
          .object([
            "question": .string($0.question), "speaks_for_batch": .bool($0.speaksForBatch),
            "reason": .string($0.reason),
          ])
        }),
      "deadline_hours": hours(verdict.deadline), "rounds": .number(verdict.rounds),
      "usual_end_at": verdict.usualEnd.map { .string(Wording.moment($0)) } ?? .null,
      "worst_end_at": verdict.worstEnd.map { .string(Wording.moment($0)) } ?? .null,
      "cadence_hours": hours(verdict.cadence),
    ])
  }

  private static func json(_ caching: StageForecast.Caching) -> JSONValue {
    .object([
      "prefix_tokens": .number(caching.prefixTokens), "minimum_tokens": json(caching.minimum),
      "cost_usd": json(caching.cost),
    ])
  }

  private static func json(_ counting: TokenCounting?) -> JSONValue {
    switch counting {
    case nil: .null
    case .counted(let count)?:
      .object([
        "requests": .number(count.requests), "input_tokens": .number(count.tokens),
        "estimated_tokens": .number(count.estimated),
      ])
    case .impossible(let reason)?: .object(["impossible": .string(reason)])
    }
  }

  private static func json(_ stage: StageForecast) -> JSONValue {
    .object([
      "name": .string(stage.stage), "model": stage.model.map(JSONValue.string) ?? .null,
      "counts": json(stage.counts),
      "changes": .array(stage.lines.map(json)), "unchanged": .number(stage.unchanged),
      "waiting": .number(stage.waiting),
      "kept": .array(
        stage.kept.map { causes, records in
          .object(["because": json(causes), "records": .number(records)])
        }),
      "failed_before": .number(stage.failedBefore), "removed": json(stage.removed),
      "left": .object(members(stage.left)),
      "downstream": stage.downstream.map(json) ?? .null,
      "total": .object(members(stage.total)), "synchronous_usd": json(stage.synchronousCost),
      "shards": .number(stage.shards), "waves": .number(stage.waves),
      "needs_yes": .bool(stage.needsYes != nil), "experience": .number(stage.experience),
      "caching": stage.caching.map(json) ?? .null,
      "one_by_one": .bool(stage.isAskedOneByOne), "counted": json(stage.counting),
      "warm_up": stage.warmUp.map(JSONValue.string) ?? .null,
    ])
  }

  private static func json(_ line: StageForecast.Line) -> JSONValue {
    let (reason, causes): (String, ChangeCauses) =
      switch line.reason {
      case .new: ("new", [])
      case .changed(let causes): ("changed", causes)
      case .retried: ("retried", [])
      }
    let head: [JSONValue.Member] = [
      JSONValue.Member("reason", .string(reason)), JSONValue.Member("because", json(causes)),
      JSONValue.Member("records", .number(line.records)),
      JSONValue.Member("identical", .number(line.identical)),
      JSONValue.Member("reused", .number(line.reused)),
      JSONValue.Member("rejected", .number(line.rejected)),
    ]
    return .object(head + members(line.forecast))
  }

  private static func json(_ expected: StageForecast.Downstream) -> JSONValue {
    .object([
      "upstream": .string(expected.upstream), "records": .number(expected.records),
      "likely_requests": json(expected.likely), "most_requests": json(expected.most),
      "forecast": expected.forecast.map { .object(members($0)) } ?? .null,
    ])
  }

  private static func json(_ counts: StageCounts) -> JSONValue {
    .object([
      "read": .number(counts.read), "accepted": .number(counts.accepted),
      "rejected": .number(counts.rejected), "pending": .number(counts.pending),
      "filtered": .number(counts.filtered), "skipped": .number(counts.skipped),
      "duplicate": .number(counts.duplicate),
    ])
  }

  private static func members(_ forecast: RequestForecast) -> [JSONValue.Member] {
    [
      JSONValue.Member("requests", .number(forecast.requests)),
      JSONValue.Member("input_tokens", json(forecast.input)),
      JSONValue.Member("output_tokens", json(forecast.output)),
      JSONValue.Member("cost_usd", json(forecast.cost)),
      JSONValue.Member("most_usd", forecast.most.map { .number($0.decimal) } ?? .null),
    ]
  }

  private static func json(_ tokens: TokenEstimate) -> JSONValue {
    .object([
      "low": .number(tokens.low), "likely": .number(tokens.likely), "high": .number(tokens.high),
    ])
  }

  private static func json(_ cost: MoneyRange?) -> JSONValue {
    guard let cost else { return .null }
    return .object([
      "low": .number(cost.low.decimal), "likely": .number(cost.likely.decimal),
      "high": .number(cost.high.decimal),
    ])
  }

  private static func json(_ count: Int?) -> JSONValue { count.map(JSONValue.number) ?? .null }

  private static func json(_ causes: ChangeCauses) -> JSONValue {
    .array(causes.names.map(JSONValue.string))
  }
}
