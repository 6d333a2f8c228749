internal import Ledger
internal import Pipelines
internal import Providers
internal import Records
internal import Schemas

/// Judges result rows: first what became of the request, then why the model stopped, then whether the text is what the
/// schema asks. One per task: it holds the scratch.
final class AnswerJudge {
  private let schema: CompiledSchema?
  private let attempts: AttemptLimits
  private let cost: Cost?
  private let text: AnswerText
  private let echo: EchoField?
  private var tape = JSONTape()
  private var scratch = SchemaScratch()

  init(_ stage: StagePlan, _ asking: Asking, _ lane: ShardLane = .batch) {
    schema = stage.load.schema?.compiled
    attempts = stage.load.attempts
    cost = asking.cost(lane)
    echo = asking.echo
    text = AnswerText(judging: stage, addedNulls: asking.lowering?.addedNulls)
  }

  /// Judges a row; nil when nobody waits for it.
  func judge(
    _ line: UnsafeBufferPointer<UInt8>, at range: Range<Int>, _ roster: inout ShardRoster
  ) -> SettledRow? {
    let row = ResultRow(line, using: &tape)
    guard let id = row.customID, let place = roster.take(RequestKey.hash(of: id)) else {
      return nil
    }
    switch row.outcome {
    case .succeeded(let message): return judge(message, of: id, place, range)
    case .errored(let error): return judge(error, place, range)
    case .canceled: return again(.canceled, place, range, "the batch was canceled")
    case .expired: return again(.expired, place, range, "the batch ended before its turn")
    case .notRun:
      return SettledRow(
        place: place, outcome: .canceled, verdict: .retry(attempts: .max), row: range,
        detail: "the provider refused the batch because of other requests")
    case .unknown(let type):
      return again(.unknownResult, place, range, "the result type '\(type.text)' is not known")
    case .malformed(let defect):
      return again(.malformedRow, place, range, "the row cannot be read: \(defect)")
    }
  }

  /// Whose a row is that nobody waits for.
  func owner(of line: UnsafeBufferPointer<UInt8>) -> UnusedRows.Owner {
    let row = ResultRow(line, using: &tape)
    if let id = row.customID { return .request(RequestKey.hash(of: id)) }
    guard case .malformed(.notJSON) = row.outcome else { return .nobody }
    return .unreadable
  }

  private func again(
    _ outcome: AttemptOutcome, _ place: ShardRoster.Place, _ range: Range<Int>, _ detail: String
  ) -> SettledRow {
    SettledRow(
      place: place, outcome: outcome, verdict: attempts.verdict(on: outcome), row: range,
      detail: detail)
  }

  private func judge(
    _ error: RowError, _ place: ShardRoster.Place, _ range: Range<Int>
  ) -> SettledRow {
    let words = error.message?.text ?? error.type?.text ?? "the provider gave no reason"
    switch error.kind {
    case .invalidRequest, .notFound, .account:
      return SettledRow(
        place: place, outcome: .invalidRequest, verdict: .reject, row: range, detail: words)
    case .tooLarge:
      return SettledRow(
        place: place, outcome: .tooLarge, verdict: .reject, row: range, detail: words)
    case .overloaded: return again(.overloaded, place, range, words)
    case .server, .unknown: return again(.serverError, place, range, words)
    }
  }

  private func judge(
    _ message: AnswerMessage, of id: JSONView, _ place: ShardRoster.Place, _ range: Range<Int>
  ) -> SettledRow {
    var row = verdict(on: message, of: id, place, range)
    let usage = message.usage
    row.inputTokens = usage.input
    row.outputTokens = usage.output
    row.cacheWriteTokens = usage.cacheWrite5m + usage.cacheWrite1h
    row.cacheReadTokens = usage.cacheRead
    row.costNano = cost?.of(usage).nanodollars ?? 0
    return row
  }

  private func verdict(
    on message: AnswerMessage, of id: JSONView, _ place: ShardRoster.Place, _ range: Range<Int>
  ) -> SettledRow {
    switch message.stopReason {
    case .endTurn, .stopSequence, .toolUse: return checked(message, of: id, place, range)
    case .refusal:
      let words = message.refusalExplanation?.text ?? message.refusalCategory?.text
      return again(.refusal, place, range, words ?? "the model refused")
    case .maxTokens: return again(.truncated, place, range, "the answer was cut at max_tokens")
    case .contextWindow:
      return SettledRow(
        place: place, outcome: .truncated, verdict: .reject, row: range,
        detail: "the answer was cut at the model's context window")
    case .pauseTurn: return again(.paused, place, range, "the provider paused the turn")
    case .unknown:
      return again(.unknownResult, place, range, "the stop reason is not known")
    }
  }

  /// Checks the text of a complete answer.
  private func checked(
    _ message: AnswerMessage, of id: JSONView, _ place: ShardRoster.Place, _ range: Range<Int>
  ) -> SettledRow {
    let answer: JSONView
    do throws(AnswerError) {
      answer = try text.output(of: message)
    } catch {
      return again(.invalidAnswer, place, range, error.description)
    }
    if let problem = codeProblem(id, place, range) { return problem }
    if let schema {
      guard schema.isValid(answer, using: &scratch) else {
        let sentences = schema.violations(of: answer, limit: 3).map(\.sentence)
        return again(.invalidAnswer, place, range, sentences.joined(separator: "; "))
      }
    } else if text.isBlank {
      return again(.invalidAnswer, place, range, "the answer is empty")
    }
    return SettledRow(
      place: place, outcome: .accepted, verdict: .accept, row: range,
      detail: text.repairs.isEmpty ? nil : "repaired: \(text.repairs.words)")
  }

  /// Looks at the code of its record that the last answer repeats; nil when it is right.
  ///
  /// An answer with another one's code is not shown to the model: it is not the model's fault, and another record's text.
  private func codeProblem(
    _ id: JSONView, _ place: ShardRoster.Place, _ range: Range<Int>
  ) -> SettledRow? {
    guard let echo else { return nil }
    guard let code = text.code else {
      return again(.invalidAnswer, place, range, "the answer lacks \(EchoField.name)")
    }
    // An id is safe characters only, which stand for themselves.
    guard !echo.isCode(code, of: id.rawBytes) else { return nil }
    return again(
      .malformedRow, place, range,
      "the answer is another record's: its \(EchoField.name) is not the one of this request")
  }
}

extension AttemptLimits {
  /// What becomes of an item whose attempt ended so.
  func verdict(on outcome: AttemptOutcome) -> SettledRow.Verdict {
    switch outcome {
    case .accepted, .open: .accept
    case .invalidRequest, .tooLarge: .reject
    case .invalidAnswer: .retry(attempts: Int32(clamping: self[.invalidAnswer]))
    case .truncated: .retry(attempts: Int32(clamping: self[.truncated]))
    case .refusal: .retry(attempts: Int32(clamping: self[.refusal]))
    case .serverError: .retry(attempts: Int32(clamping: self[.serverError]))
    case .overloaded: .retry(attempts: Int32(clamping: self[.overloaded]))
    case .expired: .retry(attempts: Int32(clamping: self[.expired]))
    case .canceled: .retry(attempts: Int32(clamping: self[.canceled]))
    case .missing: .retry(attempts: Int32(clamping: self[.missing]))
    case .paused, .malformedRow, .unknownResult: .retry(attempts: Int32(clamping: self[.other]))
    }
  }
}
