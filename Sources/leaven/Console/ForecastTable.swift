internal import Engine
internal import Ledger
internal import Providers

/// A forecast as a table for people.
struct ForecastTable {
  private let forecast: PipelineForecast
  private let pipeline: String

  init(_ forecast: PipelineForecast, pipeline: String) {
    self.forecast = forecast
    self.pipeline = pipeline
  }

  /// Its lines.
  var lines: [String] {
    var all = forecast.stages.flatMap(lines)
    if forecast.total.requests == 0 {
      all.append("nothing to send")
    } else if forecast.stages.count > 1 {
      all.append("total  \(Self.sum(forecast.total))")
    }
    if let cost = forecast.synchronousCost, forecast.total.requests > 0,
      cost != forecast.total.cost
    {
      all.append(
        "at full price, one request at a time: \(Wording.money(cost.likely)) "
          + "(\(Wording.money(cost.low)) to \(Wording.money(cost.high)))")
    }
    return all
  }

  private func lines(_ stage: StageForecast) -> [String] {
    let rows = rows(stage)
    let widths = (0..<3).map { column in rows.map { $0[column].count }.max() ?? 0 }
    var lines = [
      "\(stage.stage)  \(stage.model ?? "calculated")  \(Wording.count(stage.counts.read)) read"
    ]
    for row in rows {
      let cells = [
        Self.padded(row[0], to: widths[0], .left),
        Self.padded(row[1], to: widths[1], .right),
        Self.padded(row[2], to: widths[2], .left), row[3],
      ]
      let line = "  " + cells.joined(separator: "  ")
      lines.append(String(line.reversed().drop { $0 == " " }.reversed()))
    }
    return lines + notes(stage)
  }

  /// What, how many, which requests, what they cost.
  private func rows(_ stage: StageForecast) -> [[String]] {
    var rows: [[String]] = []
    func add(_ what: String, _ count: Int?, _ requests: String = "", _ cost: String = "") {
      guard count != 0 else { return }
      rows.append([what, count.map { Wording.count($0) } ?? "?", requests, cost])
    }
    for line in stage.lines {
      add(Self.reason(line.reason), line.records, Self.requests(line), Self.range(line.forecast))
    }
    add(
      "to be sent from before", stage.left.requests,
      Wording.count(stage.left.requests, "request"), Self.range(stage.left))
    if let expected = stage.downstream { rows.append(Self.row(expected)) }
    add("unchanged", stage.unchanged - stage.waiting, "no request")
    add("waiting for the provider", stage.waiting - stage.left.requests, "no new request")
    for (causes, records) in stage.kept {
      add("kept: \(causes.names.joined(separator: ", "))", records, "no request")
    }
    add("failed before", stage.failedBefore, "no request", "leaven failures --retry \(pipeline)")
    add("removed", stage.removed, stage.removed == nil ? "not known yet" : "no request")
    add("filtered", stage.counts.filtered)
    add("skipped", stage.downstream == nil ? stage.counts.skipped : 0)
    add("duplicate", stage.counts.duplicate)
    return rows
  }

  private static func row(_ expected: StageForecast.Downstream) -> [String] {
    let what = "after \(expected.upstream)"
    guard let likely = expected.likely else {
      let most = expected.most.map { ", at most \(Wording.count($0, "request"))" } ?? ""
      return [what, "?", "not known before \(expected.upstream) is answered\(most)", ""]
    }
    let cost = expected.forecast.map(range) ?? ""
    return [
      what, "~\(Wording.count(likely))",
      "an estimate: \(Wording.count(expected.records, "record")) of \(expected.upstream) have no answer yet",
      cost,
    ]
  }

  private func notes(_ stage: StageForecast) -> [String] {
    var lines: [String] = []
    if stage.total.requests > 0 {
      let batches =
        "\(Wording.count(stage.shards, "shard")) in \(Wording.count(stage.waves, "wave"))"
      lines.append(
        "  = \(Self.sum(stage.total)); \(stage.isAskedOneByOne ? "asked one by one" : batches)")
      lines.append(
        stage.experience > 0
          ? "    answers as long as the last \(Wording.count(stage.experience)) were"
          : "    no answers to learn from yet: a tenth, half and all of max_tokens")
    }
    if let counting = stage.counting { lines.append("    \(Self.words(counting))") }
    if let reason = stage.warmUp { lines.append("    \(reason)") }
    if let cached = stage.caching?.cost, let prefix = stage.caching?.prefixTokens {
      lines.append(
        "    with the system text cached (\(Wording.count(prefix)) tokens): \(Wording.money(cached.low)) to "
          + "\(Wording.money(cached.high)), at 98 to 30 % hits")
    }
    if let reask = stage.needsYes {
      lines.append(
        "    \(Wording.reask(reask)) would be asked again: more than reask_limit, so a run waits for "
          + "--accept-reask")
    }
    return lines
  }

  private static func words(_ counting: TokenCounting) -> String {
    switch counting {
    case .impossible(let reason): return "input is estimated: \(reason)"
    case .counted(let count):
      let share = Double(count.tokens) / Double(max(count.estimated, 1)) - 1
      let percent = Int((abs(share) * 100).rounded())
      let beside =
        percent == 0 ? "as estimated" : "\(percent) % \(share < 0 ? "less" : "more") than estimated"
      return
        "input by the provider's counter: \(Wording.count(count.tokens, "token")) in \(Wording.count(count.requests, "request")), \(beside)"
    }
  }

  private static func reason(_ reason: StageForecast.Line.Reason) -> String {
    switch reason {
    case .new: "new"
    case .changed(let causes): "changed: \(causes.names.joined(separator: ", "))"
    case .retried: "put back"
    }
  }

  private static func requests(_ line: StageForecast.Line) -> String {
    var parts = [Wording.count(line.forecast.requests, "request")]
    if line.identical > 0 { parts.append("\(Wording.count(line.identical)) identical, sent once") }
    if line.reused > 0 { parts.append("\(Wording.count(line.reused)) answered before") }
    if line.rejected > 0 { parts.append("\(Wording.count(line.rejected)) cannot be sent") }
    return parts.joined(separator: ", ")
  }

  private static func range(_ forecast: RequestForecast) -> String {
    guard forecast.requests > 0 else { return "" }
    guard let cost = forecast.cost else { return "price not known" }
    return [cost.low, cost.likely, cost.high].map { Wording.money($0) }.joined(separator: " – ")
  }

  private static func sum(_ forecast: RequestForecast) -> String {
    let tokens =
      "\(Wording.count(forecast.input.likely)) input and \(Wording.count(forecast.output.likely)) output tokens"
    var text = "\(Wording.count(forecast.requests, "request")), about \(tokens)"
    if let cost = forecast.cost {
      text +=
        ", \(Wording.money(cost.likely)) (\(Wording.money(cost.low)) to \(Wording.money(cost.high))"
      if let most = forecast.most { text += ", at most \(Wording.money(most))" }
      text += ")"
    }
    return text
  }

  private enum Side {
    case left
    case right
  }

  private static func padded(_ text: String, to width: Int, _ side: Side) -> String {
    let blanks = String(repeating: " ", count: max(0, width - text.count))
    return side == .right ? blanks + text : text + blanks
  }
}
