extension Model {
  /// The models of the provider, newest first, as of 2026-11-20: `reference/provider-apis.md`, A7
  /// and A8.
  ///
  /// Minimum prefixes that are not documented are taken as 1,024.
  static let anthropic: [Model] = [
    Model(
      id: "claude-fable-5-1", name: "Claude Fable 5.1", window: 1_000_000, maxOutput: 128_000,
      cacheMinimum: 512, prices: Prices(10, 50, readShare: 0.025), refusesSampling: true),
    Model(
      id: "claude-mythos-5-1", name: "Claude Mythos 5.1", window: 1_000_000, maxOutput: 128_000,
      cacheMinimum: 512, prices: Prices(10, 50, readShare: 0.025), refusesSampling: true),
    Model(
      id: "claude-haiku-5-5", name: "Claude Haiku 5.5", window: 1_000_000, maxOutput: 128_000,
      cacheMinimum: 1024, prices: Prices(0.10, 0.50), longPrices: Prices(0.50, 2.50),
      hasLongOutput: true, refusesSampling: true),
    Model(
      id: "claude-opus-5-5", name: "Claude Opus 5.5", window: 1_000_000, maxOutput: 128_000,
      cacheMinimum: 512, prices: Prices(4, 20, readShare: 0.05), refusesSampling: true),
    Model(
      id: "claude-sonnet-5-5", name: "Claude Sonnet 5.5", window: 1_000_000, maxOutput: 128_000,
      cacheMinimum: 1024, prices: Prices(2, 10, readShare: 0.05), refusesSampling: true),
    Model(
      id: "claude-fable-5", name: "Claude Fable 5", window: 1_000_000, maxOutput: 128_000,
      cacheMinimum: 512, prices: Prices(10, 50), refusesSampling: true),
    Model(
      id: "claude-mythos-5", name: "Claude Mythos 5", window: 1_000_000, maxOutput: 128_000,
      cacheMinimum: 512, prices: Prices(10, 50), refusesSampling: true),
    Model(
      id: "claude-opus-5", name: "Claude Opus 5", window: 1_000_000, maxOutput: 128_000,
      cacheMinimum: 512, prices: Prices(5, 25), hasLongOutput: true, refusesSampling: true),
    Model(
      id: "claude-sonnet-5", name: "Claude Sonnet 5", window: 1_000_000, maxOutput: 128_000,
      cacheMinimum: 1024, prices: Prices(2, 10), hasLongOutput: true, refusesSampling: true),
    Model(
      id: "claude-opus-4-8", name: "Claude Opus 4.8", window: 1_000_000, maxOutput: 128_000,
      cacheMinimum: 1024, prices: Prices(5, 25), hasLongOutput: true, refusesSampling: true),
    Model(
      id: "claude-opus-4-7", name: "Claude Opus 4.7", window: 1_000_000, maxOutput: 128_000,
      cacheMinimum: 2048, prices: Prices(5, 25), hasLongOutput: true, refusesSampling: true),
    Model(
      id: "claude-opus-4-6", name: "Claude Opus 4.6", window: 1_000_000, maxOutput: 128_000,
      cacheMinimum: 4096, prices: Prices(5, 25), hasLongOutput: true),
    Model(
      id: "claude-sonnet-4-6", name: "Claude Sonnet 4.6", window: 1_000_000, maxOutput: 128_000,
      cacheMinimum: 1024, prices: Prices(3, 15), hasLongOutput: true),
    Model(
      id: "claude-opus-4-5", name: "Claude Opus 4.5", window: 200_000, maxOutput: 64_000,
      cacheMinimum: 4096, prices: Prices(5, 25)),
    Model(
      id: "claude-sonnet-4-5", name: "Claude Sonnet 4.5", window: 200_000, maxOutput: 64_000,
      cacheMinimum: 1024, prices: Prices(3, 15)),
    Model(
      id: "claude-haiku-4-5", name: "Claude Haiku 4.5", window: 200_000, maxOutput: 64_000,
      cacheMinimum: 4096, prices: Prices(1, 5)),
  ]

  private static let byID = Dictionary(uniqueKeysWithValues: anthropic.map { ($0.id, $0) })

  /// The model of an id, which may end in a release date (`-20251001`); nil when there is none.
  static func anthropicModel(_ id: String) -> Model? {
    if let model = byID[id] { return model }
    let suffix = id.utf8.suffix(9)
    guard suffix.first == 0x2D, suffix.dropFirst().allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else {
      return nil
    }
    return byID[String(id.dropLast(9))]
  }
}
