internal import Records
internal import Schemas

/// Reads Messages bodies and answers them, one after the other.
///
/// Its buffers are reused; it belongs to one task.
final class Answerer {
  /// What of the configuration answers follow from.
  struct Rules: Sendable {
    var seed: UInt64
    var rowFaults: [RowFault]
    var script: AnswerScript
    var check: RequestCheck
  }

  /// Which request is answered.
  struct Subject {
    /// Nil for a synchronous message.
    var customID: String?
    /// The batch's ordinal, 0 for a synchronous message.
    var batch: Int
    /// What the ids of the answer are drawn from.
    var name: String
  }

  /// How a request came out.
  ///
  /// The message itself is written by `appendMessage`.
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
  private var reply = Reply()
  private var scratch = SchemaScratch()

  /// What `appendMessage` needs beside the answer's text.
  private struct Reply {
    var model = ""
    var stopReason = StopReason.endTurn
    var stopSequence: String?
    var refusalCategory: String?
    var tool: String?
    var name = ""
  }

  init(_ rules: Rules) { self.rules = rules }

  /// The estimate of the tokens of the body judged last.
  var promptTokens: Int { text.tokens }

  /// Checks a body and makes its answer.
  ///
  /// `prompt` says how the prompt's tokens meet the cache.
  func judge(
    _ params: JSONView, _ subject: Subject, _ setting: MessageSetting,
    prompt: (Model, Int) -> TokenUsage
  ) -> Outcome {
    text.read(params)
    let forced = rowFault(for: subject)
    switch forced {
    case .errored(let error): return .errored(error)
    case .canceled: return .canceled
    case .expired: return .expired
    case .stopped, .odd, nil: break
    }
    guard let id = params["model"], id.kind == .string else {
      return .errored(.invalid("model: Field required"))
    }
    guard let model = Model.named(id.text) else { return .errored(Self.unknown(id.text, setting)) }
    let plan = plan(for: params)
    if let problem = problem(in: params, model, plan, setting) {
      return .errored(.invalid(problem))
    }
    if setting.place == .tokenCount {
      return .succeeded(model, TokenUsage(input: text.tokens, output: 0))
    }
    reply = Reply(model: id.text, tool: plan.tool, name: subject.name)
    if plan.tool != nil { reply.stopReason = .toolUse }
    if let failure = write(params, subject, plan, forced) { return .errored(failure) }
    var usage = prompt(model, text.tokens)
    usage.output = cut(to: Self.outputLimit(params, model, forced))
    return .succeeded(model, usage)
  }

  /// Checks a body whose answer nobody wants.
  private func problem(
    in params: JSONView, _ model: Model, _ plan: AnswerPlan, _ setting: MessageSetting
  ) -> String? {
    MessageRules.problem(in: params, model: model, promptTokens: text.tokens, setting)
      ?? OutputFormat.problem(in: params) ?? plan.problem
      ?? (setting.place != .batchRow ? nil : rules.check.problem(in: params, &scratch))
  }

  /// The most tokens of the answer; an answer that is odd on purpose is not cut.
  private static func outputLimit(
    _ params: JSONView, _ model: Model, _ forced: RowFault.Outcome?
  ) -> Int {
    if case .odd = forced { return Int.max }
    return params["max_tokens"]?.int ?? model.maxOutput
  }

  private static func unknown(_ model: String, _ setting: MessageSetting) -> APIError {
    setting.place == .batchRow ? .invalid("model: \(model)") : .missing("model: \(model)")
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
  private func plan(for params: JSONView) -> AnswerPlan {
    let wanted = AnswerPlan.Wanted(params)
    guard let schema = wanted.schema else { return AnswerPlan(wanted) }
    let key = ContentHash(of: schema.rawBytes)
    if let plan = plans[key], plan.tool == wanted.tool { return plan }
    let plan = AnswerPlan(wanted)
    plans[key] = plan
    return plan
  }

  /// Writes the answer's text; returns what the answer script says went wrong instead.
  private func write(
    _ params: JSONView, _ subject: Subject, _ plan: AnswerPlan, _ forced: RowFault.Outcome?
  ) -> APIError? {
    answer.removeAll()
    answer.shrink(to: 1 << 20)
    let line = rules.script.line(customID: subject.customID, text: text, batch: subject.batch)
    switch line?.reply {
    case .failure(let type, let message):
      return APIError(status: APIError.status(for: type), type: type, message: message)
    case .answer(let words, let reason):
      if let words { answer.append(text: words) } else { synthesise(plan) }
      if let reason { stop(reason, params, category: nil) }
    case nil: synthesise(plan)
    }
    switch forced {
    case .stopped(let reason, let category): stop(reason, params, category: category)
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
  private func stop(_ reason: StopReason, _ params: JSONView, category: String?) {
    reply.stopReason = reason
    switch reason {
    case .refusal:
      reply.refusalCategory = category ?? "general_harms"
      answer.removeAll()
      answer.append("I can't help with that.")
    case .maxTokens, .modelContextWindowExceeded:
      answer.truncate(to: UTF8Border.before(answer.count / 2, in: answer.bytes))
    case .stopSequence: reply.stopSequence = params["stop_sequences"]?.element(at: 0)?.text ?? "###"
    case .endTurn, .toolUse, .pauseTurn: break
    }
  }

  /// Cuts the answer when it is longer than the request allows; returns its tokens.
  private func cut(to limit: Int) -> Int {
    let tokens = max(1, (answer.count + 3) / 4)
    guard tokens > limit else { return tokens }
    answer.truncate(to: UTF8Border.before(limit * 4, in: answer.bytes))
    reply.stopReason = .maxTokens
    return limit
  }

  /// Appends the message that the last `judge` made.
  func appendMessage(_ usage: TokenUsage, _ tier: TokenUsage.Tier, to output: inout ByteBuffer) {
    output.append("{\"id\":\"")
    output.append(text: Draw.id("msg", seed: rules.seed, reply.name))
    output.append("\",\"type\":\"message\",\"role\":\"assistant\",\"model\":")
    JSONValue.string(reply.model).append(to: &output)
    output.append(",\"content\":[")
    appendContent(to: &output)
    output.append("],\"stop_reason\":\"")
    output.append(text: reply.stopReason.rawValue)
    output.append("\",\"stop_sequence\":")
    (reply.stopSequence.map { JSONValue.string($0) } ?? .null).append(to: &output)
    output.append(",\"stop_details\":")
    appendStopDetails(to: &output)
    output.append(",\"usage\":")
    usage.append(tier, to: &output)
    output.append(0x7D)
  }

  private func appendContent(to output: inout ByteBuffer) {
    if let tool = reply.tool, reply.stopReason == .toolUse {
      output.append("{\"type\":\"tool_use\",\"id\":\"")
      output.append(text: Draw.id("toolu", seed: rules.seed, reply.name))
      output.append("\",\"name\":")
      JSONValue.string(tool).append(to: &output)
      output.append(",\"input\":")
      output.append(answer.bytes)
      output.append(0x7D)
      return
    }
    guard answer.count > 0 else { return }
    output.append("{\"type\":\"text\",\"text\":\"")
    JSONEscape.append(answer.bytes, to: &output)
    output.append("\"}")
  }

  private func appendStopDetails(to output: inout ByteBuffer) {
    guard let category = reply.refusalCategory else {
      output.append("null")
      return
    }
    let details: JSONValue = .object([
      "type": .string("refusal"), "category": .string(category),
      "explanation": .string("The sandbox was told to refuse this request."),
    ])
    details.append(to: &output)
  }
}
