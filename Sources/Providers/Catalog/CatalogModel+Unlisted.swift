extension CatalogModel {
  /// A model that the catalogue does not list: nothing is known of it, and its tokens are estimated as the
  /// catalogue's newest model's.
  ///
  /// - Parameters:
  ///   - id: Its id.
  ///   - catalog: Where the estimate comes from.
  public init(unlisted id: String, in catalog: Catalog) {
    let careful = TokenRates(
      oneByte: .init(low: 200, likely: 300, high: 500),
      twoByte: .init(low: 350, likely: 600, high: 1000),
      threeByte: .init(low: 500, likely: 900, high: 1500),
      fourByte: .init(low: 1000, likely: 2000, high: 4000))
    self.init(
      id: id, aliases: [],
      tokens: catalog.models.first?.tokens ?? careful, prices: [])
  }

  /// The same model at prices that a pipeline gives, in billionths of a dollar a million tokens, cache writes and reads
  /// at the price of plain input.
  public func priced(input: Int64, output: Int64) -> CatalogModel {
    var model = self
    model.prices = [
      TokenPrices(
        abovePromptTokens: 0, input: input, output: output, cacheWrite5m: input,
        cacheWrite1h: input, cacheRead: input)
    ]
    return model
  }
}
