public import Pipelines
public import Providers

/// Whether a batch is the right way to send what a pipeline has to send, and when its answers would be there.
public struct PlanVerdict: Sendable {
  /// How to send.
  public enum Advice: String, Sendable {
    /// As batches.
    case batch
    /// Through the synchronous API, many at one time.
    case concurrent
    /// Through the synchronous API; waiting for a batch saves nothing worth it.
    case doNotBatch = "do-not-batch"
  }

  /// One of the four questions, answered.
  public struct Question: Sendable, Equatable {
    /// The question.
    public let question: String
    /// Whether the answer speaks for a batch.
    public let speaksForBatch: Bool
    /// Why.
    public let reason: String
  }

  /// Below so many requests, half the price does not matter.
  public static let fewRequests = 300
  /// How long a batch usually takes, in milliseconds; nothing is promised.
  public static let usualDuration: Int64 = 3_600_000

  /// The advice.
  public let advice: Advice
  /// Its four reasons.
  public let questions: [Question]
  /// How old answers may be, in milliseconds; nil when nobody says.
  public let deadline: Int64?
  /// Rounds of batches one after the other: the waves of stages that wait for each other; 0 when all is asked one by one.
  public let rounds: Int
  /// When the last batch usually ends, in UTC milliseconds; nil without batches.
  public let usualEnd: Int64?
  /// When it ends at the latest; what failed then is still to be asked again.
  public let worstEnd: Int64?
  /// How often there has to be a run, at least, for the deadline to hold, in milliseconds; nil without a deadline, or when
  /// it cannot hold.
  public let cadence: Int64?
}

extension PipelineForecast {
  /// What to think of sending it as batches; nil when there is nothing to send.
  ///
  /// - Parameters:
  ///   - plan: The pipeline.
  ///   - catalogs: How long a provider may take for a batch.
  ///   - now: UTC milliseconds.
  /// - Returns: The verdict.
  public func verdict(on plan: PipelinePlan, _ catalogs: Catalogs, now: Int64) -> PlanVerdict? {
    let total = total
    guard total.requests > 0 else { return nil }
    let askers = plan.stages.filter { $0.calculation == nil }
    let kinds = askers.filter { $0.load.mode != .concurrent }.map(\.load.provider.kind)
    let window = kinds.map { catalogs[$0].limits.window.milliseconds }.max() ?? 0
    // Without batches the questions are about what they would take.
    let usualWindow = askers.map { catalogs[$0.load.provider.kind].limits.window.milliseconds }
    let rounds = stages.map { self.rounds(upTo: $0.stage, in: plan) }.max() ?? 0
    let hasBatches = window > 0 && rounds > 0
    let worst =
      hasBatches ? Int64(rounds) * window : usualWindow.max() ?? 0
    let questions = [
      waiting(plan.deadline, worst), volume(total, askers), independence(rounds), .singleTurn,
    ]
    let cadence = plan.deadline.map { hasBatches ? $0 - worst : $0 }
    return PlanVerdict(
      advice: advice(questions, askers), questions: questions, deadline: plan.deadline,
      rounds: hasBatches ? rounds : 0,
      usualEnd: hasBatches ? now + Int64(rounds) * PlanVerdict.usualDuration : nil,
      worstEnd: hasBatches ? now + worst : nil,
      cadence: cadence.flatMap { $0 > 0 ? $0 : nil })
  }

  private func advice(
    _ questions: [PlanVerdict.Question], _ askers: [StagePlan]
  ) -> PlanVerdict.Advice {
    if askers.allSatisfy(\.hasNoBatches) { return .concurrent }
    if !questions[1].speaksForBatch { return .doNotBatch }
    return questions[0].speaksForBatch ? .batch : .concurrent
  }

  /// The waves of a stage and of those that it waits for, one after the other.
  private func rounds(upTo name: String, in plan: PipelinePlan) -> Int {
    let own = stages.first { $0.stage == name }?.waves ?? 0
    let above = plan.stage(name)?.upstreams.map { rounds(upTo: $0, in: plan) }.max() ?? 0
    return own + above
  }

  private func waiting(_ deadline: Int64?, _ worst: Int64) -> PlanVerdict.Question {
    let question = "Is anyone waiting within minutes?"
    guard let deadline else {
      return .init(
        question: question, speaksForBatch: true, reason: "the pipeline has no 'deadline:'")
    }
    let (hours, worstHours) = (deadline / 3_600_000, worst / 3_600_000)
    return deadline > worst
      ? .init(
        question: question, speaksForBatch: true,
        reason: "answers may be \(hours) h old, and are there within \(worstHours) h")
      : .init(
        question: question, speaksForBatch: false,
        reason: "answers may be \(hours) h old, and a batch may take \(worstHours) h")
  }

  private func volume(
    _ total: RequestForecast, _ askers: [StagePlan]
  ) -> PlanVerdict.Question {
    let question = "Is the volume large enough that half the price matters?"
    if askers.allSatisfy(\.hasNoBatches) {
      return .init(
        question: question, speaksForBatch: false,
        reason: "\(total.requests) requests, and a batch is not known to be cheaper there")
    }
    let money = batchSaving.map { ", where a batch saves about \($0)" } ?? ""
    return .init(
      question: question, speaksForBatch: total.requests >= PlanVerdict.fewRequests,
      reason: "\(total.requests) requests\(money)")
  }

  private func independence(_ rounds: Int) -> PlanVerdict.Question {
    let isChained = stages.contains { $0.downstream != nil }
    return .init(
      question: "Is each request independent of the others' outputs?", speaksForBatch: true,
      reason: isChained
        ? "within a stage it is; the stages follow each other, in \(rounds) rounds of batches"
        : "no request sees another one's answer")
  }

  /// What batches cost less than calls one by one, likely; nil without a known price.
  private var batchSaving: Money? {
    var saving = Money.zero
    for stage in stages {
      guard let full = stage.synchronousCost, let batched = stage.batchCost else { return nil }
      saving += full.likely - batched.likely
    }
    return saving
  }
}

extension StagePlan {
  /// Whether it asks one by one a server that perhaps has no batch API.
  fileprivate var hasNoBatches: Bool {
    load.mode == .concurrent && !load.provider.kind.isAlwaysBatched
  }
}

extension PlanVerdict.Question {
  fileprivate static let singleTurn = PlanVerdict.Question(
    question: "Is it a single turn rather than a tool loop?", speaksForBatch: true,
    reason: "a stage asks once; there are no tools to call")
}
