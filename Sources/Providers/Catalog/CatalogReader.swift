/// Turns a catalogue file into typed facts.
enum CatalogReader {
  static func catalog(_ file: CatalogNode) throws(CatalogError) -> Catalog {
    let rates = try tokenizers(file.member("tokenizers"))
    let refused = try file.member("refused_parameters")
    return Catalog(
      kind: try kind(file.member("kind")), dated: try day(file.member("dated")).text(),
      sources: try file.member("sources").texts(), baseURL: try baseURL(file.member("base_url")),
      keyVariable: try file.member("key_env").text(),
      apiVersions: try file.member("api_versions").texts(),
      batchPriceMillionths: try file.member("batch_price_factor").decimal(digits: 6),
      batchCacheReadMillionths: try cacheReadFactor(file),
      geoPriceMillionths: try factors(file.member("inference_geo_price_factors")),
      limits: try limits(file.member("limits")), betas: try betas(file.member("betas")),
      refusedParameters: Set(try refused.member("always").texts()),
      refusedParametersByVersion: try sets(refused.member("by_version")),
      modelRules: try modelRules(refused.optional("by_model")),
      answerSchema: try answerSchema(file.member("answer_schema")),
      models: try models(file.member("models"), rates: rates))
  }

  /// The batch's own factor, unless the file says otherwise.
  private static func cacheReadFactor(_ file: CatalogNode) throws(CatalogError) -> Int64 {
    if let own = try file.optional("batch_cache_read_factor") { return try own.decimal(digits: 6) }
    return try file.member("batch_price_factor").decimal(digits: 6)
  }

  private static func kind(_ node: CatalogNode) throws(CatalogError) -> ProviderKind {
    guard let kind = ProviderKind(rawValue: try node.text()) else {
      let known = ProviderKind.allCases.map(\.rawValue).joined(separator: ", ")
      throw node.wrong("this must be one of \(known)")
    }
    return kind
  }

  private static func day(_ node: CatalogNode) throws(CatalogError) -> CatalogNode {
    guard Timestamp.milliseconds(day: try node.text()) != nil else {
      throw node.wrong("this must be a day such as 2026-11-20")
    }
    return node
  }

  private static func baseURL(_ node: CatalogNode) throws(CatalogError) -> String {
    guard HTTPOrigin(of: try node.text()) != nil else { throw node.wrong("this must be a URL") }
    return try node.text()
  }

  private static func factors(_ node: CatalogNode) throws(CatalogError) -> [String: Int64] {
    var factors: [String: Int64] = [:]
    for (name, factor) in try node.members() { factors[name] = try factor.decimal(digits: 6) }
    return factors
  }

  private static func sets(_ node: CatalogNode) throws(CatalogError) -> [String: Set<String>] {
    var sets: [String: Set<String>] = [:]
    for (name, list) in try node.members() { sets[name] = Set(try list.texts()) }
    return sets
  }

  private static func modelRules(
    _ node: CatalogNode?
  ) throws(CatalogError) -> [Catalog.ModelRule] {
    var rules: [Catalog.ModelRule] = []
    for rule in try node?.elements() ?? [] {
      var taken: [String: Int] = [:]
      for (name, value) in try rule.optional("taken")?.members() ?? [] {
        taken[name] = try value.count(atLeast: 0)
      }
      rules.append(
        Catalog.ModelRule(
          parameters: Set(try rule.member("parameters").texts()),
          models: Set(try rule.member("models").texts()), taken: taken,
          takenWithEffort: try rule.optional("taken_with_effort")?.text(),
          usualEffort: try rule.optional("usual_effort")?.text()))
    }
    return rules
  }

  private static func limits(_ node: CatalogNode) throws(CatalogError) -> Catalog.Limits {
    let pattern = try node.member("custom_id_pattern")
    guard try pattern.text() == CustomID.pattern else {
      throw pattern.wrong("this version only makes ids of the pattern \(CustomID.pattern)")
    }
    return Catalog.Limits(
      batchRequests: try node.member("batch_requests").count(),
      batchBytes: try node.member("batch_bytes").count(),
      requestBytes: try node.member("request_bytes").count(),
      window: .seconds(try node.member("window_hours").count() * 3600),
      retention: .seconds(try node.member("retention_days").count() * 86_400),
      listPage: try node.member("list_page").count(), tiers: try tiers(node.member("tiers")))
  }

  private static func tiers(_ node: CatalogNode) throws(CatalogError) -> [String: Catalog.Tier] {
    var tiers: [String: Catalog.Tier] = [:]
    for (name, tier) in try node.members() {
      tiers[name] = Catalog.Tier(
        batchCallsPerMinute: try tier.member("batch_calls_per_minute").count(),
        queuedRequests: try tier.member("queued_requests").count())
    }
    return tiers
  }

  private static func betas(_ node: CatalogNode) throws(CatalogError) -> [Catalog.Beta] {
    var betas: [Catalog.Beta] = []
    for beta in try node.elements() {
      betas.append(
        Catalog.Beta(
          name: try beta.member("name").text(), maxOutput: try beta.member("max_output").count(),
          models: try beta.member("models").texts()))
    }
    return betas
  }

  private static func answerSchema(
    _ node: CatalogNode
  ) throws(CatalogError) -> Catalog.AnswerSchema {
    let root = try node.optional("root")
    guard let rootKind = Catalog.AnswerSchema.Root(rawValue: try root?.text() ?? "any") else {
      throw node.wrong("`root` must be any or object")
    }
    return Catalog.AnswerSchema(
      keywords: Set(try node.member("keywords").texts()),
      formats: Set(try node.member("formats").texts()),
      maxMinItems: try node.member("max_min_items").count(atLeast: 0),
      maxOptionalProperties: try node.member("max_optional_properties").count(atLeast: 0),
      maxUnionProperties: try node.member("max_union_properties").count(atLeast: 0),
      root: rootKind, maxProperties: try node.optional("max_properties")?.count(),
      maxDepth: try node.optional("max_depth")?.count(),
      maxEnumValues: try node.optional("max_enum_values")?.count())
  }
}
