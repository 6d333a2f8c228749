public import Ledger
internal import Pipelines
public import Providers

/// What a stage's cache did, from what its requests were billed for.
public struct CacheBalance: Sendable, Equatable {
  /// The tokens.
  public let use: CacheUse
  /// What was paid less than without a cache, at today's prices; less than nothing where writing cost more than was saved.
  /// Nil when a price is not known.
  public let saved: Money?
}

extension CacheBalance {
  /// Reads what a stage's cache did; nil when the pipeline does not ask for that.
  ///
  /// - Throws: `LedgerError`.
  init?(_ stage: StagePlan, number: Int64, in ledger: RunLedger, _ catalogs: Catalogs) throws {
    guard stage.calculation == nil, stage.load.tellsCacheUse else { return nil }
    use = try ledger.cacheUse(ofStage: number)
    let plans = try ledger.planDescriptions()
    var sum = Money.zero
    for usage in try ledger.cachedUsage(ofStage: number) {
      let model = plans[usage.plan].flatMap(PlanDescription.model) ?? stage.load.model
      guard let each = Self.saving(usage, model, stage, catalogs[stage.load.provider.kind]) else {
        saved = nil
        return
      }
      sum += each * usage.requests
    }
    saved = sum
  }

  /// What one of some requests paid less than without a cache; nil without a known price.
  private static func saving(
    _ usage: CachedUsage, _ id: String, _ stage: StagePlan, _ catalog: Catalog
  ) -> Money? {
    let model =
      id == stage.load.model ? stage.catalogModel(in: catalog) : catalog.model(id)
    let mode: Cost.Mode = usage.lane == .batch ? .batch : .synchronous
    guard let model, let cost = Cost(model, mode: mode, catalog: catalog) else { return nil }
    var plain = TokenUsage()
    plain.input = usage.plain + usage.written + usage.read
    var cached = TokenUsage()
    cached.input = usage.plain
    cached.cacheRead = usage.read
    if stage.load.cache?.lifetime == .oneHour {
      cached.cacheWrite1h = usage.written
    } else {
      cached.cacheWrite5m = usage.written
    }
    return cost.of(plain) - cost.of(cached)
  }
}
