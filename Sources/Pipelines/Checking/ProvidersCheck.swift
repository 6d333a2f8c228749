internal import Providers
internal import Records

/// The endpoints that stages use.
struct ProvidersCheck {
  private let context: CheckContext
  private let pairs: [YAMLPair]
  /// Each endpoint that a stage uses, once, in the order of first use.
  private(set) var used: [ProviderPlan] = []

  init(_ context: CheckContext, pipeline: Section) {
    self.context = context
    pairs = pipeline.pairs("providers")
  }

  /// The endpoint with a name: one under `providers`, or a kind's usual one. Nil when there is none
  /// or its entry is wrong, which is reported.
  mutating func provider(
    _ name: String, at place: Place, into diagnostics: inout DiagnosticList
  ) -> ProviderPlan? {
    if let known = used.first(where: { $0.name == name }) { return known }
    let plan: ProviderPlan?
    if let pair = pairs.first(where: { $0.name == name }) {
      plan = self.plan(name, Section(pair.value, .provider, at: pair.place), into: &diagnostics)
    } else if let kind = ProviderKind(rawValue: name) {
      if !kind.hasUsualEndpoint { reportNoEndpoint(kind, at: place, into: &diagnostics) }
      plan = kind.hasUsualEndpoint ? self.plan(name, kind) : nil
    } else {
      let names = pairs.map(\.name) + ProviderKind.allCases.map(\.rawValue)
      diagnostics.error(
        .unknownProvider, at: place, "there is no provider '\(name)'",
        hint: CloseName.hint(for: name, in: names, listed: "there are"))
      return nil
    }
    if let plan { used.append(plan) }
    return plan
  }

  private func plan(_ name: String, _ kind: ProviderKind) -> ProviderPlan {
    let catalog = context.catalog[kind]
    return ProviderPlan(
      name: name, kind: kind, baseURL: catalog.baseURL,
      keyVariable: kind.hasUsualEndpoint ? catalog.keyVariable : nil,
      apiVersion: catalog.apiVersions.first ?? "", form: kind.usualForm, price: nil, inFlight: nil,
      queue: ProviderPlan.Queue(requests: catalog.usualQueue, inputTokens: nil),
      callsPerMinute: nil, tokensPerMinute: nil)
  }

  private func plan(
    _ name: String, _ entry: Section, into diagnostics: inout DiagnosticList
  ) -> ProviderPlan? {
    let named = entry.written("kind") == nil ? ProviderKind(rawValue: name) : nil
    guard let kind: ProviderKind = named ?? entry.choice("kind") else { return nil }
    let usual = plan(name, kind)
    if entry.written("base_url") == nil, !kind.hasUsualEndpoint {
      reportNoEndpoint(kind, at: entry.place, into: &diagnostics)
      return nil
    }
    if let url = entry.text("base_url"), HTTPOrigin(of: url.text) == nil || hasQuery(url.text) {
      diagnostics.error(
        .wrongType, at: url.place, "'base_url' takes an address without user, query and fragment",
        hint: "such as \(usual.baseURL)")
      return nil
    }
    let form = entry.written("api") == nil ? usual.form : entry.choice("api") ?? usual.form
    if !kind.forms.contains(form) {
      diagnostics.error(
        .wrongType, at: entry.place(of: "api"),
        "a provider of the kind '\(kind.rawValue)' has no api '\(form.rawValue)'",
        hint: "it has \(kind.forms.map(\.rawValue).joined(separator: " and "))")
      return nil
    }
    let keyVariable = entry.word("key_env") ?? usual.keyVariable
    if let url = entry.text("base_url"), keyVariable != nil {
      warnOfPlainHTTP(url, into: &diagnostics)
    }
    let price = entry.section("price")
    let queue = entry.section("queue")
    return ProviderPlan(
      name: name, kind: kind, baseURL: trimmed(entry.word("base_url") ?? usual.baseURL),
      keyVariable: keyVariable,
      apiVersion: entry.word("api_version") ?? usual.apiVersion, form: form,
      price: price.billionths("input").flatMap { input in
        price.billionths("output").map { ProviderPlan.Price(input: input, output: $0) }
      }, inFlight: entry.integer("in_flight"),
      queue: ProviderPlan.Queue(
        requests: queue.integer("rows") ?? usual.queue.requests,
        inputTokens: queue.integer("tokens")),
      callsPerMinute: entry.integer("rpm"), tokensPerMinute: entry.integer("tpm"))
  }

  private func reportNoEndpoint(
    _ kind: ProviderKind, at place: Place, into diagnostics: inout DiagnosticList
  ) {
    diagnostics.error(
      .missingKey, at: place,
      "a provider of the kind '\(kind.rawValue)' has no usual address",
      hint: "under 'providers:' write {kind: \(kind.rawValue), base_url: "
        + "\(context.catalog[kind].baseURL)}, and name that entry here")
  }

  private func warnOfPlainHTTP(_ url: LocatedText, into diagnostics: inout DiagnosticList) {
    guard let origin = HTTPOrigin(of: url.text), origin.scheme == "http", !origin.isLoopback
    else { return }
    diagnostics.warning(
      .plainHTTP, at: url.place, "the key and all prompts go to \(origin.host) unencrypted",
      hint: "write https:// unless the network between is yours")
  }

  private func hasQuery(_ url: String) -> Bool { url.contains("?") || url.contains("#") }

  private func trimmed(_ url: String) -> String {
    var url = url[...]
    while url.hasSuffix("/") { url.removeLast() }
    return String(url)
  }
}

extension Catalog {
  /// What every account may have waiting: the limit of the smallest tier, since the account's is not known.
  fileprivate var usualQueue: Int { limits.tiers.values.map(\.queuedRequests).min() ?? .max }
}
