extension Model {
  /// The models of the provider as of 2026-11-20, `reference/provider-apis.md`, B7 and B8; those
  /// for embeddings aside.
  static let openAI: [Model] = [
    gpt("gpt-6-astra", (10, 50), window: 922_000, long: true),
    gpt("gpt-6.1-sol", (2, 10), read: 0.05, window: 922_000, long: true),
    gpt("gpt-6-sol", (2, 10), window: 922_000, long: true),
    gpt("gpt-6.1-terra", (1, 5), read: 0.05, window: 922_000, long: true),
    gpt("gpt-6-luna", (0.10, 0.50), window: 922_000, long: true),
    gpt("gpt-5.6-sol", (4, 20), window: 922_000, long: true),
    gpt("gpt-5.6-terra", (2, 12), window: 922_000, long: true),
    gpt("gpt-5.6-luna", (0.20, 1.20), window: 922_000, long: true),
    gpt("gpt-5.5", (5, 30), window: 1_050_000, long: true),
    gpt("gpt-5.4", (2.5, 15), window: 1_050_000, long: true),
    gpt("gpt-5.4-mini", (0.75, 4.5), window: 272_000),
    gpt("gpt-5.4-nano", (0.20, 1.25), window: 272_000),
    gpt("gpt-5.2", (1.75, 14), window: 272_000),
    gpt("gpt-5", (1.25, 10), window: 272_000),
    gpt("gpt-5-mini", (0.25, 2), window: 272_000),
    gpt("gpt-5-nano", (0.05, 0.40), window: 272_000),
    old("gpt-4.1", (2, 8), read: 0.25, window: 1_050_000, output: 32_000),
    old("gpt-4.1-mini", (0.4, 1.6), read: 0.25, window: 1_050_000, output: 32_000),
    old("gpt-4o", (2.5, 10), read: 0.5, window: 128_000, output: 16_000),
    old("gpt-4o-mini", (0.15, 0.6), read: 0.5, window: 128_000, output: 16_000),
  ]

  private static let openAIByID = Dictionary(uniqueKeysWithValues: openAI.map { ($0.id, $0) })

  /// The model of an id, which may end in a release date (`-2025-08-07`); nil when there is none.
  static func openAIModel(_ id: String) -> Model? {
    if let model = openAIByID[id] { return model }
    if !id.hasPrefix("gpt-") { return openModel(id) }
    let suffix = Array(id.utf8.suffix(11))
    guard suffix.count == 11 else { return nil }
    let isDate = suffix.enumerated().allSatisfy { place, byte in
      [0, 5, 8].contains(place) ? byte == 0x2D : byte >= 0x30 && byte <= 0x39
    }
    return isDate ? openAIByID[String(id.dropLast(11))] : nil
  }

  /// A model of another server that speaks this API, which costs nothing here: any name that is none of OpenAI's.
  private static func openModel(_ id: String) -> Model {
    Model(
      id: id, name: id, window: 128_000, maxOutput: 32_000, cacheMinimum: 1024,
      prices: Prices(0, 0))
  }

  /// A model that thinks and takes `max_completion_tokens` alone; with `long`, prompts above
  /// 272,000 tokens cost twice in and half as much again out.
  private static func gpt(
    _ id: String, _ price: (Double, Double), read: Double = 0.1, window: Int, long: Bool = false
  ) -> Model {
    let far = Prices(price.0 * 2, price.1 * 1.5, readShare: read)
    return Model(
      id: id, name: id, window: window, maxOutput: 128_000, cacheMinimum: 1024,
      prices: Prices(price.0, price.1, readShare: read), longPrices: long ? far : nil,
      longPromptTokens: 272_000,
      paysForWrites: id.hasPrefix("gpt-6") || id.hasPrefix("gpt-5.6"), thinks: true)
  }

  private static func old(
    _ id: String, _ price: (Double, Double), read: Double, window: Int, output: Int
  ) -> Model {
    Model(
      id: id, name: id, window: window, maxOutput: output, cacheMinimum: 1024,
      prices: Prices(price.0, price.1, readShare: read))
  }
}
