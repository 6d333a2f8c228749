internal import Ledger
internal import Pipelines
internal import Providers
internal import Records

/// What earlier requests used, as far as it says something of a stage's next ones.
struct UsageExperience: Sendable {
  /// Fewer requests say nothing.
  private static let fewest = 20
  /// How far the input may lie from what earlier requests used.
  private static let spread = 0.1

  /// What input was billed, as a share of its high estimate, of the same model's requests; nil without experience.
  private(set) var inputShare: Double?
  /// The length of the stage's answers; without experience, from a tenth of `max_tokens` over half of it to all.
  private(set) var output: TokenEstimate
  /// Requests of the stage that `output` is from; 0 without experience.
  private(set) var answerCount = 0

  /// What is known without experience.
  init(maxTokens: Int) {
    output = TokenEstimate(
      low: (maxTokens + 9) / 10, likely: (maxTokens + 1) / 2, high: maxTokens)
  }

  /// Learns from a ledger.
  ///
  /// - Throws: `LedgerError`.
  init(_ run: StageRun) throws {
    self.init(maxTokens: run.stage.load.maxTokens)
    try learn(from: run)
    // What the provider counted now says more of the input than what it counted of other records.
    if case .counted(let count)? = run.settings.counts[run.stage.name], let share = count.share {
      inputShare = share
    }
  }

  private mutating func learn(from run: StageRun) throws {
    let samples = try run.ledger.recentUsage()
    guard !samples.isEmpty else { return }
    let plans = try run.ledger.planDescriptions()
    learnInput(from: samples, plans, of: run.stage.identity)
    learnOutput(from: samples.filter { $0.stage == run.number }, plans, of: run.stage.identity)
  }

  private mutating func learnInput(
    from samples: [UsageSample], _ plans: [Int64: String], of identity: PlanIdentity
  ) {
    let model = PlanDescription.model(in: identity.text)
    let ofModel = plans.filter { PlanDescription.model(in: $0.value) == model }
    let similar = samples.filter { ofModel[$0.plan] != nil && $0.estimatedTokens > 0 }
    guard similar.count >= Self.fewest else { return }
    let estimated = similar.reduce(0) { $0 + $1.estimatedTokens }
    inputShare = Double(similar.reduce(0) { $0 + $1.inputTokens }) / estimated
  }

  /// Answers under the same plan count; those under other plans where there are none.
  private mutating func learnOutput(
    from samples: [UsageSample], _ plans: [Int64: String], of identity: PlanIdentity
  ) {
    let same = samples.filter { plans[$0.plan] == identity.text }
    let used = same.count >= Self.fewest ? same : samples
    guard used.count >= Self.fewest else { return }
    let lengths = used.map(\.outputTokens).sorted()
    output = TokenEstimate(
      low: lengths[lengths.count / 10],
      likely: (lengths.reduce(0, +) + lengths.count / 2) / lengths.count,
      high: lengths[lengths.count * 9 / 10])
    answerCount = lengths.count
  }

  /// What requests share, corrected by what earlier ones were billed; none stays none.
  func prefix(_ estimate: TokenEstimate) -> TokenEstimate {
    estimate.likely > 0 ? input(estimate) : estimate
  }

  /// The input of a request, corrected by what earlier ones were billed.
  func input(_ estimate: TokenEstimate) -> TokenEstimate {
    guard let inputShare else { return estimate }
    let likely = Double(estimate.high) * inputShare
    return TokenEstimate(
      low: Int(likely * (1 - Self.spread)), likely: Int(likely.rounded()),
      high: Int((likely * (1 + Self.spread)).rounded(.up)))
  }
}
