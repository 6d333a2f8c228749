internal import Records
internal import Schemas

/// Reads bodies and answers them, one after the other.
///
/// Its buffers are reused; it belongs to one task.
final class Answerer {
  /// What of the configuration answers follow from.
  struct Rules: Sendable {
    var seed: UInt64
    var rowFaults: [RowFault]
    var script: AnswerScript
    var checks: [SandboxAPI: RequestCheck]
  }

  /// Which request is answered.
  struct Subject {
    /// Nil for a synchronous message.
    var customID: String?
    /// The batch's ordinal, 0 for a synchronous message.
    var batch: Int
    /// What the ids of the answer are drawn from.
    var name: String
    /// When it is answered.
    var atMs: Int64
    var tier: TokenUsage.Tier
  }

  /// How a request came out.
  ///
  /// The answer itself is written by `appendAnswer`.
  enum Outcome {
    case succeeded(Model, TokenUsage)
    case errored(APIError)
    case canceled
    case expired
  }

  private let rules: Rules
  private var text = RequestText()
  private var plans: [ContentHash: AnswerPlan] = [:]
  private var answer = ByteBuffer(capacity: 4096)
  private var draft = AnswerDraft()
  private var scratch = SchemaScratch()

  init(_ rules: Rules) { self.rules = rules }

  /// The estimate of the tokens of the body judged last.
  var promptTokens: Int { text.tokens }

  /// Checks a body and makes its answer.
  ///
  /// `prompt` says how the prompt's tokens meet the cache.
  func judge(
    _ params: JSONView, _ subject: Subject, _ dialect: any Dialect,
    prompt: (CachedPrefix?, Model, Int) -> TokenUsage
  ) -> Outcome {
    text.read(params, dialect)
    let forced = rowFault(for: subject)
    switch forced {
    case .errored(let error): return .errored(error)
    case .canceled: return .canceled
    case .expired: return .expired
    case .stopped, .odd, nil: break
    }
    let model: Model
    do throws(APIError) {
      model = try dialect.model(of: params)
    } catch {
      return .errored(error)
    }
    let plan = plan(for: params, dialect)
    if let problem = problem(in: params, model, plan, dialect) { return .errored(problem) }
    if dialect.countsTokens {
      return .succeeded(model, TokenUsage(input: text.tokens, output: 0))
    }
    begin(subject, model: params["model"]?.text ?? model.id, plan)
    if let failure = write(params, subject, plan, forced, dialect) { return .errored(failure) }
    draft.usage = prompt(dialect.prefix(of: params, model), model, text.tokens)
    let limit = Self.outputLimit(params, model, forced, dialect)
    draft.usage.thoughts = model.thinks ? min(Self.thoughtTokens, limit / 2) : 0
    draft.usage.output = cut(to: limit - draft.usage.thoughts) + draft.usage.thoughts
    return .succeeded(model, draft.usage)
  }

  /// The tokens of a model that thinks.
  private static let thoughtTokens = 12

  private func begin(_ subject: Subject, model: String, _ plan: AnswerPlan) {
    draft = AnswerDraft(
      model: model, tool: plan.tool, name: subject.name, seed: rules.seed, atMs: subject.atMs,
      tier: subject.tier)
    if plan.tool != nil { draft.stopReason = .toolUse }
  }

  /// Checks a body whose answer nobody wants.
  private func problem(
    in params: JSONView, _ model: Model, _ plan: AnswerPlan, _ dialect: any Dialect
  ) -> APIError? {
    if let problem = dialect.problem(in: params, model, promptTokens: text.tokens) ?? plan.problem {
      return problem
    }
    guard dialect.isHeldAgainstSchema, let check = rules.checks[dialect.api] else { return nil }
    return check.problem(in: params, &scratch).map { .invalid($0) }
  }

  /// The most tokens of the answer; an answer that is odd on purpose is not cut.
  private static func outputLimit(
    _ params: JSONView, _ model: Model, _ forced: RowFault.Outcome?, _ dialect: any Dialect
  ) -> Int {
    if case .odd = forced { return Int.max }
    return dialect.outputLimit(params) ?? model.maxOutput
  }

  private func rowFault(for subject: Subject) -> RowFault.Outcome? {
    guard let id = subject.customID else { return nil }
    for (number, fault) in rules.rowFaults.enumerated()
    where fault.hits(
      customID: id, text: text, batch: subject.batch, seed: rules.seed, number: number)
    {
      return fault.outcome
    }
    return nil
  }

  /// The plan of the answer's form, compiled once for each schema.
  private func plan(for params: JSONView, _ dialect: any Dialect) -> AnswerPlan {
    let wanted = dialect.wanted(params)
    guard let schema = wanted.schema else { return AnswerPlan(wanted, dialect) }
    let key = ContentHash(of: schema.rawBytes)
    if let plan = plans[key], plan.tool == wanted.tool { return plan }
    let plan = AnswerPlan(wanted, dialect)
    plans[key] = plan
    return plan
  }

  /// Writes the answer's text; returns what the answer script says went wrong instead.
  private func write(
    _ params: JSONView, _ subject: Subject, _ plan: AnswerPlan, _ forced: RowFault.Outcome?,
    _ dialect: any Dialect
  ) -> APIError? {
    answer.removeAll()
    answer.shrink(to: 1 << 20)
    let line = rules.script.line(customID: subject.customID, text: text, batch: subject.batch)
    switch line?.reply {
    case .failure(let type, let message):
      return APIError(status: dialect.api.status(for: type), type: type, message: message)
    case .answer(let words, let reason):
      if let words { answer.append(text: words) } else { synthesise(plan) }
      if let reason { stop(reason, dialect.stopSequence(params), category: nil) }
    case nil: synthesise(plan)
    }
    switch forced {
    case .stopped(let reason, let category):
      stop(reason, dialect.stopSequence(params), category: category)
    case .odd(.fragments): draft.isFragmented = true
    case .odd(let kind): kind.write(over: &answer)
    default: break
    }
    return nil
  }

  private func synthesise(_ plan: AnswerPlan) {
    var quotes = 0
    if let shape = plan.shape {
      var draw = Draw(seed: rules.seed, bytes: text.subjectBytes)
      shape.append(from: text, draw: &draw, quotes: &quotes, to: &answer)
    } else {
      answer.append("You wrote: \u{201C}")
      text.appendQuote(0, limit: 160, to: &answer)
      answer.append("\u{201D}")
    }
  }

  /// Makes the answer one that ended for this reason.
  private func stop(_ reason: StopReason, _ sequence: String?, category: String?) {
    draft.stopReason = reason
    switch reason {
    case .refusal:
      draft.refusalCategory = category ?? "general_harms"
      answer.removeAll()
      answer.append("I can't help with that.")
    case .contentFilter, .recitation, .malformedResponse, .promptBlocked:
      draft.refusalCategory = category ?? "general_harms"
      answer.removeAll()
    case .maxTokens, .modelContextWindowExceeded:
      answer.truncate(to: UTF8Border.before(answer.count / 2, in: answer.bytes))
    case .stopSequence: draft.stopSequence = sequence ?? "###"
    case .endTurn, .toolUse, .pauseTurn: break
    }
  }

  /// Cuts the answer when it is longer than the request allows; returns its tokens.
  private func cut(to limit: Int) -> Int {
    let tokens = max(1, (answer.count + 3) / 4)
    guard tokens > limit else { return tokens }
    answer.truncate(to: UTF8Border.before(limit * 4, in: answer.bytes))
    draft.stopReason = .maxTokens
    return limit
  }

  /// Appends the body that answers what `judge` judged last.
  func appendAnswer(_ dialect: any Dialect, to output: inout ByteBuffer) {
    dialect.append(draft, answer.bytes, to: &output)
  }
}
