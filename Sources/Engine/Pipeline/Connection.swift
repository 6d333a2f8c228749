internal import Pipelines
internal import Providers
internal import Records

/// The providers of a plan, ready to be called.
struct Connection {
  let providers: [String: ProviderSession]
  let clock: RunClock
  let isSandbox: Bool

  /// Finds the keys and, where an address is not the provider's own, asks whether a sandbox is there.
  init(_ plan: PipelinePlan, _ settings: RunSettings) async throws {
    let client = HTTPClient()
    var endpoints: [(ProviderPlan, AnthropicEndpoint)] = []
    for provider in plan.providers {
      endpoints.append((provider, try Self.endpoint(provider, settings)))
    }
    var sandbox: AnthropicEndpoint?
    for (_, endpoint) in endpoints where endpoint.baseURL != settings.catalog.baseURL {
      let calls = AnthropicBatches(endpoint: endpoint, client: client)
      if try await Self.isSandbox(calls, settings) { sandbox = endpoint }
    }
    let clock = try await Self.clock(sandbox, client, settings)
    var sessions: [String: ProviderSession] = [:]
    for (provider, endpoint) in endpoints {
      sessions[provider.name] = ProviderSession(
        provider, endpoint, client: client, clock: clock, isSandbox: sandbox != nil,
        report: settings.report)
    }
    self.clock = clock
    providers = sessions
    isSandbox = sandbox != nil || settings.sandboxKey != nil
  }

  private static func endpoint(
    _ provider: ProviderPlan, _ settings: RunSettings
  ) throws(RunError) -> AnthropicEndpoint {
    let secret = settings.sandboxKey ?? settings.variable(provider.keyVariable)
    guard let secret, let key = APIKey(secret) else {
      throw RunError.noKey(provider: provider.name, variable: provider.keyVariable)
    }
    let url = settings.baseURL ?? provider.baseURL
    guard
      let endpoint = AnthropicEndpoint(baseURL: url, key: key, apiVersion: provider.apiVersion)
    else { throw RunError.badEndpoint(provider: provider.name, url: url) }
    return endpoint
  }

  private static func isSandbox(
    _ calls: AnthropicBatches, _ settings: RunSettings
  ) async throws(ProviderError) -> Bool {
    var random = SystemRandomNumberGenerator()
    let page = try await BackoffPolicy().run(on: RunClock(machine: settings.now), random: &random) {
      () throws(ProviderError) in try await calls.list(limit: 1)
    }
    return page.answer.isSandbox
  }

  private static func clock(
    _ sandbox: AnthropicEndpoint?, _ client: HTTPClient, _ settings: RunSettings
  ) async throws(ProviderError) -> RunClock {
    guard let sandbox else { return RunClock(machine: settings.now) }
    let remote = SandboxClock(origin: sandbox.origin, client: client)
    let reading = try await remote.reading()
    guard reading.isVirtual else { return RunClock(machine: settings.now) }
    return RunClock(virtual: remote, now: reading.now)
  }
}

extension ProviderSession {
  /// Makes an endpoint ready.
  init(
    _ provider: ProviderPlan, _ endpoint: AnthropicEndpoint, client: HTTPClient, clock: RunClock,
    isSandbox: Bool, report: @escaping @Sendable (RunEvent) -> Void
  ) {
    self.init(
      name: provider.name, kind: provider.kind.rawValue, origin: endpoint.origin.description,
      account: "\(provider.kind.rawValue) \(endpoint.origin)",
      batches: AnthropicBatches(endpoint: endpoint, client: client),
      messages: AnthropicMessages(endpoint: endpoint), clock: clock,
      backoff: BackoffPolicy(), isSandbox: isSandbox, report: report)
  }

  /// The origin that the ledger is bound to. A sandbox's port changes from start to start, and its state lies
  /// beside the ledger or is the user's affair, so all sandboxes are one endpoint.
  var ledgerOrigin: String { isSandbox ? "sandbox" : origin }
}
