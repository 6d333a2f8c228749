extension CatalogReader {
  /// Token rates by the tokenizer's name.
  static func tokenizers(_ node: CatalogNode) throws(CatalogError) -> [String: TokenRates] {
    var rates: [String: TokenRates] = [:]
    for (name, tokenizer) in try node.members() {
      rates[name] = TokenRates(
        oneByte: try rate(tokenizer.member("one_byte")),
        twoByte: try rate(tokenizer.member("two_byte")),
        threeByte: try rate(tokenizer.member("three_byte")),
        fourByte: try rate(tokenizer.member("four_byte")))
    }
    return rates
  }

  private static func rate(_ node: CatalogNode) throws(CatalogError) -> TokenRates.Rate {
    var figures: [Int] = []
    for element in try node.elements() { figures.append(Int(try element.decimal(digits: 3))) }
    guard figures.count == 3, figures == figures.sorted() else {
      throw node.wrong("this must be three ascending figures: low, likely, high")
    }
    return TokenRates.Rate(low: figures[0], likely: figures[1], high: figures[2])
  }

  static func models(
    _ node: CatalogNode, rates: [String: TokenRates]
  ) throws(CatalogError) -> [CatalogModel] {
    var models: [CatalogModel] = []
    var seen: Set<String> = []
    for element in try node.elements() {
      let model = try model(element, rates: rates)
      for id in [model.id] + model.aliases where !seen.insert(id).inserted {
        throw element.wrong("the id \(id) stands here a second time")
      }
      models.append(model)
    }
    return models
  }

  private static func model(
    _ node: CatalogNode, rates: [String: TokenRates]
  ) throws(CatalogError) -> CatalogModel {
    let tokenizer = try node.member("tokenizer")
    guard let tokens = rates[try tokenizer.text()] else {
      throw tokenizer.wrong("there is no tokenizer of this name")
    }
    return CatalogModel(
      id: try node.member("id").text(), aliases: try node.optional("aliases")?.texts() ?? [],
      contextWindow: try node.optional("context_window")?.count(),
      maxOutput: try node.optional("max_output")?.count(), tokens: tokens,
      minCacheTokens: try node.optional("min_cache_tokens")?.count(),
      retiresAt: try retirement(node.optional("retires")),
      prices: try prices(node.member("prices")))
  }

  private static func retirement(_ node: CatalogNode?) throws(CatalogError) -> Int64? {
    guard let node else { return nil }
    guard let time = Timestamp.milliseconds(day: try node.text()) else {
      throw node.wrong("this must be a day such as 2026-11-30")
    }
    return time
  }

  private static func prices(_ node: CatalogNode) throws(CatalogError) -> [TokenPrices] {
    var tiers: [TokenPrices] = []
    for tier in try node.elements() {
      let threshold = try tier.optional("above_prompt_tokens")?.count() ?? 0
      if let last = tiers.last, last.abovePromptTokens >= threshold {
        throw tier.wrong("thresholds must ascend")
      }
      tiers.append(
        TokenPrices(
          abovePromptTokens: threshold, input: try tier.member("input").decimal(digits: 9),
          output: try tier.member("output").decimal(digits: 9),
          cacheWrite5m: try tier.member("cache_write_5m").decimal(digits: 9),
          cacheWrite1h: try tier.member("cache_write_1h").decimal(digits: 9),
          cacheRead: try tier.member("cache_read").decimal(digits: 9)))
    }
    if let first = tiers.first, first.abovePromptTokens != 0 {
      throw node.wrong("the first tier must hold for every prompt")
    }
    return tiers
  }
}
