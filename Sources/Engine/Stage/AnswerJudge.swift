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
    guard case .answer(let row) = judge(line, at: range) else { return nil }
    guard let place = roster.take(row.customID) else { return nil }
    return row.settled(place)
  }

  /// Judges a row, whoever waits for it.
  func judge(_ line: UnsafeBufferPointer<UInt8>, at range: Range<Int>) -> Judged {
    let row = ResultRow(line, using: &tape)
    guard let id = row.customID else {
      guard case .malformed(.notJSON) = row.outcome else { return .nameless }
      return .unreadable
    }
    var settled = judge(row.outcome, of: id, range)
    if settled.outcome == .accepted, case .succeeded(let message) = row.outcome {
      settled.text = message.onlyText?.place(in: line)
    }
    return .answer(JudgedRow(customID: RequestKey.hash(of: id), row: settled))
  }

  /// What a line of a results file is.
  enum Judged {
    case answer(JudgedRow)
    /// A row without a custom_id.
    case nameless
    /// No JSON.
    case unreadable
  }

  private func judge(
    _ outcome: ResultRow.Outcome, of id: JSONView, _ range: Range<Int>
  ) -> SettledRow {
    switch outcome {
    case .succeeded(let message): return judge(message, of: id, range)
    case .errored(let error): return judge(error, range)
    case .canceled: return again(.canceled, range, "the batch was canceled")
    case .expired: return again(.expired, range, "the batch ended before its turn")
    case .notRun:
      return SettledRow(
        outcome: .canceled, verdict: .retry(attempts: .max), row: range,
        detail: "the provider refused the batch because of other requests")
    case .unknown(let type):
      return again(.unknownResult, range, "the result type '\(type.text)' is not known")
    case .malformed(let defect):
      return again(.malformedRow, range, "the row cannot be read: \(defect)")
    }
  }

  private func again(
    _ outcome: AttemptOutcome, _ range: Range<Int>, _ detail: String
  ) -> SettledRow {
    SettledRow(
      outcome: outcome, verdict: attempts.verdict(on: outcome), row: range,
      detail: detail)
  }

  private func judge(
    _ error: RowError, _ range: Range<Int>
  ) -> SettledRow {
    let words = error.message?.text ?? error.type?.text ?? "the provider gave no reason"
    switch error.kind {
    case .invalidRequest, .notFound, .account:
      return SettledRow(
        outcome: .invalidRequest, verdict: .reject, row: range, detail: words)
    case .tooLarge:
      return SettledRow(
        outcome: .tooLarge, verdict: .reject, row: range, detail: words)
    case .overloaded: return again(.overloaded, range, words)
    case .server, .unknown: return again(.serverError, range, words)
    }
  }

  private func judge(
    _ message: AnswerMessage, of id: JSONView, _ range: Range<Int>
  ) -> SettledRow {
    var row = verdict(on: message, of: id, range)
    let usage = message.usage
    row.inputTokens = usage.input
    row.outputTokens = usage.output
    row.cacheWriteTokens = usage.cacheWrite5m + usage.cacheWrite1h
    row.cacheReadTokens = usage.cacheRead
    row.costNano = cost?.of(usage).nanodollars ?? 0
    return row
  }

  private func verdict(
    on message: AnswerMessage, of id: JSONView, _ range: Range<Int>
  ) -> SettledRow {
    switch message.stopReason {
    case .endTurn, .stopSequence, .toolUse: return checked(message, of: id, range)
    case .refusal:
      let words = message.refusalExplanation?.text ?? message.refusalCategory?.text
      return again(.refusal, range, words ?? "the model refused")
    case .maxTokens: return again(.truncated, range, "the answer was cut at max_tokens")
    case .contextWindow:
      return SettledRow(
        outcome: .truncated, verdict: .reject, row: range,
        detail: "the answer was cut at the model's context window")
    case .pauseTurn: return again(.paused, range, "the provider paused the turn")
    case .unknown:
      return again(.unknownResult, range, "the stop reason is not known")
    }
  }

  /// Checks the text of a complete answer.
  private func checked(
    _ message: AnswerMessage, of id: JSONView, _ range: Range<Int>
  ) -> SettledRow {
    let answer: JSONView
    do throws(AnswerError) {
      answer = try text.output(of: message)
    } catch {
      return again(.invalidAnswer, range, error.description)
    }
    if let problem = codeProblem(id, range) { return problem }
    if let schema {
      guard schema.isValid(answer, using: &scratch) else {
        let sentences = schema.violations(of: answer, limit: 3).map(\.sentence)
        return again(.invalidAnswer, range, sentences.joined(separator: "; "))
      }
    } else if text.isBlank {
      return again(.invalidAnswer, range, "the answer is empty")
    }
    return SettledRow(
      outcome: .accepted, verdict: .accept, row: range,
      detail: text.repairs.isEmpty ? nil : "repaired: \(text.repairs.words)")
  }

  /// Looks at the code of its record that the last answer repeats; nil when it is right.
  ///
  /// An answer with another one's code is not shown to the model: it is not the model's fault, and another record's text.
  private func codeProblem(
    _ id: JSONView, _ range: Range<Int>
  ) -> SettledRow? {
    guard let echo else { return nil }
    guard let code = text.code else {
      return again(.invalidAnswer, range, "the answer lacks \(EchoField.name)")
    }
    // An id is safe characters only, which stand for themselves.
    guard !echo.isCode(code, of: id.rawBytes) else { return nil }
    return again(
      .malformedRow, range,
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

extension JSONView {
  /// Where a string lies in the line that it is a view into, quotes included; nil when it lies elsewhere.
  fileprivate func place(in line: UnsafeBufferPointer<UInt8>) -> Range<Int>? {
    guard kind == .string, let start = rawBytes.baseAddress, let base = line.baseAddress else {
      return nil
    }
    let place = start - base - 1..<start - base + rawBytes.count + 1
    guard line.indices.contains(place.lowerBound), place.upperBound <= line.count,
      line[place.lowerBound] == UInt8(ascii: "\""), line[place.upperBound - 1] == UInt8(ascii: "\"")
    else { return nil }
    return place
  }
}
