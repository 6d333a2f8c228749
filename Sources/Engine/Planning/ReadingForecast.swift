internal import Ledger
internal import Pipelines
internal import Providers
internal import Records

/// Adds up, while a reading goes on, what its records lead to and what that is expected to cost.
final class ReadingForecast {
  /// What some of the records lead to.
  struct Group {
    var records = 0
    var forecast = RequestForecast()
    var identical = 0
    var reused = 0
    var rejected = 0
  }

  /// Why records want an answer.
  enum Reason: Hashable {
    case new
    case changed(ChangeCauses)
    case retried
  }

  let pricing: RequestPricing
  private(set) var groups: [Reason: Group] = [:]
  /// Whether anything is to be sent.
  private(set) var hasRequests = false
  private(set) var unchanged = 0
  private(set) var kept: [ChangeCauses: Int] = [:]
  /// The line of the first request that is to be sent.
  private(set) var firstRequest: [UInt8]?
  /// Some of the requests that are to be sent.
  private(set) var sample: RequestSample
  /// The highest value of the field that rises with every change; nil without one.
  var highestValue: JSONValue?

  init(_ pricing: RequestPricing) {
    self.pricing = pricing
    sample = RequestSample(pricing.sampleSize)
  }

  /// Adds the records of a batch that the ledger decided about.
  func add(_ batch: AdmissionBatch) {
    for row in batch.rows {
      switch row.finding {
      case .unchanged: unchanged += 1
      case .new(let state): add(row, .new, state)
      case .changed(let causes, let state): add(row, .changed(causes), state)
      case .retried(let state): add(row, .retried, state)
      case .kept(let causes): kept[causes, default: 0] += 1
      case .withheld, .duplicate: continue
      }
      guard case .send = row.decision else { continue }
      if firstRequest == nil { firstRequest = Array(batch.requests.bytes[row.request]) }
      sample.offer(Array(batch.requests.bytes[row.request]), TokenEstimate(row.tokens))
    }
  }

  private func add(_ row: AdmissionBatch.Row, _ reason: Reason, _ state: ItemState) {
    // What is shared is written once, and then found.
    groups[reason, default: Group()].add(row, state, pricing, hasRequests ? .read : .written)
    if state == .packed { hasRequests = true }
  }

  /// All requests together.
  var total: RequestForecast {
    groups.values.reduce(into: RequestForecast()) { $0 += $1.forecast }
  }

  /// What history keeps of it.
  var estimate: ReadingEstimate {
    let total = total
    var estimate = ReadingEstimate()
    estimate.inputTokens = total.input.likely
    estimate.outputTokens = total.output.likely
    estimate.lowNano = total.cost?.low.nanodollars
    estimate.likelyNano = total.cost?.likely.nanodollars
    estimate.highNano = total.cost?.high.nanodollars
    return estimate
  }
}

extension ReadingForecast.Group {
  fileprivate mutating func add(
    _ row: AdmissionBatch.Row, _ state: ItemState, _ pricing: RequestPricing,
    _ meeting: Cost.Meeting
  ) {
    records += 1
    switch state {
    case .packed: forecast += pricing.forecast(TokenEstimate(row.tokens), meeting)
    case .twin: identical += 1
    case .accepted: reused += 1
    case .rejected: rejected += 1
    case .pending, .removed, .unread: break
    }
  }
}

extension TokenEstimate {
  /// The estimate of a row.
  fileprivate init(_ tokens: AdmissionBatch.Tokens) {
    self.init(low: tokens.low, likely: tokens.likely, high: tokens.high)
  }
}
