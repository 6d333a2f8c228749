extension Model {
  /// The models of the provider as of 2026-11-20, `reference/provider-apis.md`, C7 and C8; those
  /// for embeddings aside.
  static let gemini: [Model] = [
    flash("gemini-3.8-flash", (0.75, 3.75)), flash("gemini-3.7-flash", (0.75, 3.75)),
    flash("gemini-3.6-flash", (0.75, 3.75)), flash("gemini-3.5-flash", (1.5, 9)),
    flash("gemini-3.5-flash-lite", (0.3, 2.5)), flash("gemini-3.1-flash-lite", (0.25, 1.5)),
    flash("gemini-3-flash-preview", (0.5, 3)),
    pro("gemini-3.1-pro-preview", (2, 12), long: (4, 18), cacheMinimum: 4096),
    flash("gemini-4-argon", (2, 10), read: 0.05),
    pro("gemini-2.5-pro", (1.25, 10), long: (2.5, 15), cacheMinimum: 2048),
    flash("gemini-2.5-flash", (0.3, 2.5), cacheMinimum: 2048),
    flash("gemini-2.5-flash-lite", (0.1, 0.4), cacheMinimum: 2048),
  ]

  private static let geminiByID = Dictionary(uniqueKeysWithValues: gemini.map { ($0.id, $0) })

  /// The model of an id, with or without `models/` before it; nil when there is none.
  static func geminiModel(_ id: String) -> Model? {
    geminiByID[id.hasPrefix("models/") ? String(id.dropFirst(7)) : id]
  }

  private static func flash(
    _ id: String, _ price: (Double, Double), read: Double = 0.1, cacheMinimum: Int = 4096
  ) -> Model {
    Model(
      id: id, name: id, window: 1_048_576, maxOutput: 65_536, cacheMinimum: cacheMinimum,
      prices: Prices(price.0, price.1, readShare: read), thinks: true)
  }

  private static func pro(
    _ id: String, _ price: (Double, Double), long: (Double, Double), cacheMinimum: Int
  ) -> Model {
    Model(
      id: id, name: id, window: 1_048_576, maxOutput: 65_536, cacheMinimum: cacheMinimum,
      prices: Prices(price.0, price.1), longPrices: Prices(long.0, long.1),
      longPromptTokens: 200_000, thinks: true)
  }
}
